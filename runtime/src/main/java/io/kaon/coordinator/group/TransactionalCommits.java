// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.wire.message.TxnOffsetCommitRequest;
import io.kaon.wire.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.kaon.wire.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.kaon.wire.message.TxnOffsetCommitResponse;
import io.kaon.wire.message.TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition;
import io.kaon.wire.message.TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides TxnOffsetCommit (api 28): offsets that count when the producer's transaction is committed. From version 3 on
 * the producer says for which member it commits (KIP-447); before, whoever has the transactional id is believed.
 */
final class TransactionalCommits {
    /** From here on clients know GROUP_ID_NOT_FOUND and STALE_MEMBER_EPOCH; before, the generation is what is wrong. */
    private static final short MEMBER_EPOCH_VERSION = 6;

    private final GroupOptions options;
    private final Memberships memberships;
    private final OpenTransactions transactions;

    TransactionalCommits(GroupOptions options, Memberships memberships, OpenTransactions transactions) {
        this.options = options;
        this.memberships = memberships;
        this.transactions = transactions;
    }

    Decision<TxnOffsetCommitResponse> decide(short version, TxnOffsetCommitRequest request, long nowMs) {
        ErrorCode error = check(version, request);
        if (error != ErrorCode.NONE) {
            return new Decision<>(List.of(), failed(request, error));
        }
        List<GroupRecord> records = new ArrayList<>();
        TxnOffsetCommitResponse response = new TxnOffsetCommitResponse();
        for (TxnOffsetCommitRequestTopic topic : request.topics()) {
            TxnOffsetCommitResponseTopic answers = answersOf(topic);
            for (TxnOffsetCommitRequestPartition partition : topic.partitions()) {
                ErrorCode refusal =
                        OffsetCommits.refusal(options, partition.partitionIndex(), partition.committedMetadata());
                answers.partitions().add(answer(partition, refusal));
                if (refusal == ErrorCode.NONE) {
                    records.add(toRecord(request.groupId(), topic, partition, nowMs));
                }
            }
            response.topics().add(answers);
        }
        return new Decision<>(records, response);
    }

    private ErrorCode check(short version, TxnOffsetCommitRequest request) {
        if (transactions.pendingOffsets() >= OpenTransactions.MAX_PENDING_OFFSETS) {
            // Of the answers that make every client come again, this one costs it no search for the coordinator.
            return ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
        }
        int epoch = request.generationIdOrMemberEpoch();
        Optional<MemberCheck> group = memberships.find(request.groupId());
        if (group.isEmpty()) {
            return memberships.withoutGroup(request.groupId(), epoch, version >= MEMBER_EPOCH_VERSION);
        }
        ErrorCode error = group.get().onTransactionalCommit(request.memberId(), request.groupInstanceId(), epoch);
        if (error == ErrorCode.NONE) {
            error = checkPartitions(group.get(), request);
        }
        return error == ErrorCode.STALE_MEMBER_EPOCH && version < MEMBER_EPOCH_VERSION
                ? ErrorCode.ILLEGAL_GENERATION
                : error;
    }

    private static ErrorCode checkPartitions(MemberCheck group, TxnOffsetCommitRequest request) {
        if (request.generationIdOrMemberEpoch() < 0) {
            return ErrorCode.NONE;
        }
        for (TxnOffsetCommitRequestTopic topic : request.topics()) {
            for (TxnOffsetCommitRequestPartition partition : topic.partitions()) {
                ErrorCode error = group.onPartition(
                        request.memberId(),
                        request.generationIdOrMemberEpoch(),
                        topic.topicId(),
                        partition.partitionIndex());
                if (error != ErrorCode.NONE) {
                    return error;
                }
            }
        }
        return ErrorCode.NONE;
    }

    private static GroupRecord toRecord(
            String groupId, TxnOffsetCommitRequestTopic topic, TxnOffsetCommitRequestPartition partition, long nowMs) {
        String metadata = partition.committedMetadata() == null ? "" : partition.committedMetadata();
        OffsetEntry entry = new OffsetEntry(
                partition.committedOffset(),
                partition.committedLeaderEpoch(),
                metadata,
                nowMs,
                OffsetEntry.NO_EXPIRE_TIMESTAMP,
                topic.topicId(),
                OffsetEntry.UNWRITTEN);
        return new GroupRecord.OffsetCommitted(
                groupId, new TopicPartition(topic.name(), partition.partitionIndex()), entry);
    }

    /** The same error for every partition. */
    static TxnOffsetCommitResponse failed(TxnOffsetCommitRequest request, ErrorCode error) {
        TxnOffsetCommitResponse response = new TxnOffsetCommitResponse();
        for (TxnOffsetCommitRequestTopic topic : request.topics()) {
            TxnOffsetCommitResponseTopic answers = answersOf(topic);
            for (TxnOffsetCommitRequestPartition partition : topic.partitions()) {
                answers.partitions().add(answer(partition, error));
            }
            response.topics().add(answers);
        }
        return response;
    }

    private static TxnOffsetCommitResponseTopic answersOf(TxnOffsetCommitRequestTopic topic) {
        return new TxnOffsetCommitResponseTopic().setName(topic.name()).setTopicId(topic.topicId());
    }

    private static TxnOffsetCommitResponsePartition answer(TxnOffsetCommitRequestPartition partition, ErrorCode error) {
        return new TxnOffsetCommitResponsePartition()
                .setPartitionIndex(partition.partitionIndex())
                .setErrorCode(error.code());
    }
}
