// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import java.util.Optional;

/**
 * A partition's folder that was found, not opened.
 *
 * @param name the partition
 * @param topicId what the folder says of the topic's id; empty when that cannot be read
 */
public record LogDescriptor(TopicPartition name, Optional<Uuid> topicId) {}
