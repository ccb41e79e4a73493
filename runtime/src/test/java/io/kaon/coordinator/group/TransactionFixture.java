// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.record.ControlRecordType;
import io.kaon.storage.producer.TransactionMarker;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.kaon.wire.message.TxnOffsetCommitRequest;
import io.kaon.wire.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.kaon.wire.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.kaon.wire.message.TxnOffsetCommitResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Short ways to commit offsets of {@code topic-0} in transactions. */
final class TransactionFixture {
    static final short EPOCH = 3;
    static final int LATEST = 6;

    final GroupFixture groups;

    TransactionFixture(GroupFixture groups) {
        this.groups = groups;
    }

    static TxnOffsetCommitRequest request(long producerId, long offset) {
        return new TxnOffsetCommitRequest()
                .setTransactionalId("app-" + producerId)
                .setGroupId(GroupFixture.GROUP)
                .setProducerId(producerId)
                .setProducerEpoch(EPOCH)
                .setTopics(List.of(new TxnOffsetCommitRequestTopic()
                        .setName("topic")
                        .setPartitions(List.of(new TxnOffsetCommitRequestPartition()
                                .setPartitionIndex(0)
                                .setCommittedOffset(offset)
                                .setCommittedLeaderEpoch(7)
                                .setCommittedMetadata("note")))));
    }

    CompletableFuture<TxnOffsetCommitResponse> commit(int version, TxnOffsetCommitRequest request) {
        return groups.coordinator
                .commitTransactionalOffsets(groups.from(version), request)
                .toCompletableFuture();
    }

    /** Answered at once. */
    ErrorCode commit(long producerId, long offset) {
        return errorOf(groups.done(commit(LATEST, request(producerId, offset))));
    }

    static ErrorCode errorOf(TxnOffsetCommitResponse response) {
        return ErrorCode.of(response.topics().get(0).partitions().get(0).errorCode());
    }

    CompletionStage<ErrorCode> end(long producerId, ControlRecordType type) {
        TransactionMarker marker = new TransactionMarker(producerId, (short) (EPOCH + 1), type, 0);
        return groups.coordinator.completeTransaction(0, marker, true);
    }

    ErrorCode commitTransaction(long producerId) {
        return groups.done(end(producerId, ControlRecordType.COMMIT));
    }

    ErrorCode abortTransaction(long producerId) {
        return groups.done(end(producerId, ControlRecordType.ABORT));
    }

    /** What somebody hears who wants a stable offset. */
    OffsetFetchResponsePartitions stable() {
        return groups.done(groups.fetch(8, true))
                .groups()
                .get(0)
                .topics()
                .get(0)
                .partitions()
                .get(0);
    }
}
