// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.ErrorCode;
import io.kaon.storage.LogView;
import java.util.Optional;

/**
 * One partition of a fetch, looked up once, when the fetch came. A partition that is deleted or led by another broker
 * meanwhile stays the same object, and says so.
 */
record ResolvedRead(PartitionRead read, PartitionLookup lookup) {
    static ResolvedRead of(PartitionRegistry partitions, PartitionRead read) {
        PartitionLookup lookup = partitions.find(read.name());
        boolean isOfAnotherTopic = lookup instanceof PartitionLookup.Found found
                && !read.topicId().isZero()
                && !read.topicId().equals(found.partition().topicId());
        return new ResolvedRead(
                read, isOfAnotherTopic ? new PartitionLookup.Missing(ErrorCode.INCONSISTENT_TOPIC_ID) : lookup);
    }

    /** The partition, if this broker serves it. */
    Optional<Partition> partition() {
        return lookup instanceof PartitionLookup.Found found ? Optional.of(found.partition()) : Optional.empty();
    }

    /** Whether the log has to be opened before there is anything to say. */
    boolean needsOpening() {
        return lookup instanceof PartitionLookup.Found found
                && !found.partition().isOpen();
    }

    /** What it looks like now. */
    PartitionState now() {
        if (lookup instanceof PartitionLookup.Missing missing) {
            return new PartitionState.Unreadable(read, missing.error());
        }
        Partition partition = ((PartitionLookup.Found) lookup).partition();
        Optional<LogView> view = partition.viewIfOpen();
        if (view.isEmpty()) {
            return new PartitionState.Unreadable(read, partition.refusal());
        }
        ErrorCode error = epochError(partition.leaderEpoch());
        return error == ErrorCode.NONE
                ? new PartitionState.Readable(read, partition, view.get())
                : new PartitionState.Unreadable(read, error);
    }

    /** KIP-320: an older epoch is fenced, a newer one is not known here yet. */
    private ErrorCode epochError(int leaderEpoch) {
        int epoch = read.currentLeaderEpoch();
        if (epoch == PartitionRead.NO_EPOCH || epoch == leaderEpoch) {
            return ErrorCode.NONE;
        }
        return epoch < leaderEpoch ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH;
    }
}
