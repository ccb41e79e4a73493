// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;

/**
 * One partition of a fetch.
 *
 * @param topicId the topic's id; {@link Uuid#ZERO} in versions that know only names
 * @param maxBytes soft bound for this partition
 * @param currentLeaderEpoch the leader epoch that the client knows, −1 for none
 * @param lastFetchedEpoch the epoch of the last batch that the client has, −1 for none
 */
public record PartitionRead(
        TopicPartition name,
        Uuid topicId,
        long fetchOffset,
        int maxBytes,
        int currentLeaderEpoch,
        int lastFetchedEpoch) {
    static final int NO_EPOCH = -1;
}
