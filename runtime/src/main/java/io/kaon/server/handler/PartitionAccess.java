// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.replication.Partition;
import io.kaon.replication.PartitionLookup;
import io.kaon.replication.PartitionRegistry;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The way of a client to one partition that this broker leads: authorisation, lookup, opening, leader epoch. Any
 * thread.
 */
final class PartitionAccess {
    private static final int NO_EPOCH = -1;

    private final PartitionRegistry partitions;
    private final Authoriser authoriser;

    PartitionAccess(PartitionRegistry partitions, Authoriser authoriser) {
        this.partitions = partitions;
        this.authoriser = authoriser;
    }

    /**
     * Which partition, for what.
     *
     * @param leaderEpoch the epoch that the client knows, −1 for none
     */
    record Question(Operation operation, String topic, int partition, int leaderEpoch) {}

    /**
     * The partition with its log open, or why not: TOPIC_AUTHORIZATION_FAILED, a lookup's error, or a fenced epoch's.
     */
    CompletionStage<PartitionLookup> open(RequestContext context, Question question) {
        if (!authoriser.authorise(context.principal(), question.operation, Resource.topic(question.topic))) {
            return missing(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        }
        if (question.partition < 0) {
            return missing(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        return partitions
                .open(new TopicPartition(question.topic, question.partition))
                .thenApply(lookup -> fenced(lookup, question.leaderEpoch));
    }

    private static PartitionLookup fenced(PartitionLookup lookup, int leaderEpoch) {
        if (leaderEpoch != NO_EPOCH && lookup instanceof PartitionLookup.Found found) {
            ErrorCode error = epochError(found.partition(), leaderEpoch);
            return error == ErrorCode.NONE ? lookup : new PartitionLookup.Missing(error);
        }
        return lookup;
    }

    /** KIP-320: an older epoch is fenced, a newer one is not known here yet. */
    private static ErrorCode epochError(Partition partition, int leaderEpoch) {
        if (leaderEpoch == partition.leaderEpoch()) {
            return ErrorCode.NONE;
        }
        return leaderEpoch < partition.leaderEpoch() ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH;
    }

    private static CompletionStage<PartitionLookup> missing(ErrorCode error) {
        return CompletableFuture.completedStage(new PartitionLookup.Missing(error));
    }
}
