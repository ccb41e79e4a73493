// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.common.Uuid;

/**
 * A partition as a fetch names it: by the topic's name up to version 12, by its id from version 13.
 *
 * @param topic the name; empty when the id is used
 * @param topicId the id; {@link Uuid#ZERO} when the name is used
 */
public record FetchKey(String topic, Uuid topicId, int partition) {}
