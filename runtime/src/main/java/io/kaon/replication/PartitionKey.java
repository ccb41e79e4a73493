// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;

/** A partition of one incarnation of a topic: a topic that is deleted and made again has the name but not the id (S12). */
record PartitionKey(TopicPartition name, Uuid topicId) {}
