// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deadletters;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Where a dead letter was before it could not be processed, as far as its headers tell.
 *
 * @param timestampMs of the record there
 */
public record Origin(Optional<String> topic, OptionalInt partition, OptionalLong offset, OptionalLong timestampMs) {}
