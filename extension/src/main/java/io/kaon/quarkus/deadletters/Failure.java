// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deadletters;

import java.util.Optional;

/**
 * Why a record is where it is.
 *
 * @param reason what the exception said
 * @param cause what the exception's cause said, if it had one
 * @param origin where the record was first
 * @param retries how often it was tried again before
 * @param replays how often somebody has sent it back from a dead letter topic
 */
public record Failure(
        Optional<String> reason,
        Optional<String> exceptionClass,
        Optional<String> cause,
        Optional<String> causeClass,
        Origin origin,
        int retries,
        int replays) {}
