// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.common.Gather;
import io.kaon.common.TopicPartition;
import io.kaon.coordinator.group.GroupCoordinator;
import io.kaon.exec.Clock;
import io.kaon.metadata.InternalTopics;
import io.kaon.record.ControlRecordType;
import io.kaon.replication.Acks;
import io.kaon.replication.PartitionLookup;
import io.kaon.replication.PartitionRegistry;
import io.kaon.server.ErrorMapping;
import io.kaon.storage.AppendOrigin;
import io.kaon.storage.AppendResult;
import io.kaon.storage.Rejected;
import io.kaon.storage.producer.TransactionMarker;
import io.kaon.wire.message.WriteTxnMarkersRequest;
import io.kaon.wire.message.WriteTxnMarkersRequest.WritableTxnMarker;
import io.kaon.wire.message.WriteTxnMarkersRequest.WritableTxnMarkerTopic;
import io.kaon.wire.message.WriteTxnMarkersResponse;
import io.kaon.wire.message.WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult;
import io.kaon.wire.message.WriteTxnMarkersResponse.WritableTxnMarkerResult;
import io.kaon.wire.message.WriteTxnMarkersResponse.WritableTxnMarkerTopicResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Writes the ends of transactions into the partitions that this broker leads; those of {@code __consumer_offsets}
 * through the coordinator of groups, which makes the transaction's offsets count or drops them. Any thread.
 */
public final class TransactionMarkers {
    /** From this level of transaction.version on a marker has a newer epoch than the records (KIP-890). */
    private static final int VERSION_WITH_OWN_EPOCHS = 2;
    /** How long a marker may wait for the in-sync replicas; the coordinator sends it again then. */
    private static final int TIMEOUT_MS = 30_000;

    private final PartitionRegistry partitions;
    private final GroupCoordinator groups;
    private final Clock clock;

    public TransactionMarkers(PartitionRegistry partitions, GroupCoordinator groups, Clock clock) {
        this.partitions = partitions;
        this.groups = groups;
        this.clock = clock;
    }

    /** Answers each marker and each of its partitions, in the order of the request, once they are committed. */
    public CompletionStage<WriteTxnMarkersResponse> write(WriteTxnMarkersRequest request) {
        List<CompletionStage<ErrorCode>> writes = new ArrayList<>();
        for (WritableTxnMarker marker : request.markers()) {
            for (WritableTxnMarkerTopic topic : marker.topics()) {
                topic.partitionIndexes().forEach(index -> writes.add(write(marker, topic.name(), index)));
            }
        }
        return Gather.all(writes).thenApply(errors -> response(request, errors));
    }

    private CompletionStage<ErrorCode> write(WritableTxnMarker marker, String topic, int partition) {
        boolean bumpsEpoch = marker.transactionVersion() >= VERSION_WITH_OWN_EPOCHS;
        TransactionMarker end = new TransactionMarker(
                marker.producerId(),
                marker.producerEpoch(),
                marker.transactionResult() ? ControlRecordType.COMMIT : ControlRecordType.ABORT,
                marker.coordinatorEpoch());
        CompletionStage<ErrorCode> written = topic.equals(InternalTopics.CONSUMER_OFFSETS)
                ? groups.completeTransaction(partition, end, bumpsEpoch).thenApply(TransactionMarkers::ofGroups)
                : append(new TopicPartition(topic, partition), end, bumpsEpoch);
        return written.exceptionally(ErrorMapping::codeOf);
    }

    private CompletionStage<ErrorCode> append(TopicPartition name, TransactionMarker marker, boolean bumpsEpoch) {
        if (name.partition() < 0) {
            return CompletableFuture.completedStage(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        PartitionLookup lookup = partitions.find(name);
        if (lookup instanceof PartitionLookup.Missing missing) {
            return CompletableFuture.completedStage(missing.error());
        }
        return ((PartitionLookup.Found) lookup)
                .partition()
                .append(
                        marker.toBatch(clock.wallMs()),
                        Acks.ALL,
                        TIMEOUT_MS,
                        bumpsEpoch ? AppendOrigin.COORDINATOR_BUMPING_EPOCHS : AppendOrigin.COORDINATOR)
                .thenApply(TransactionMarkers::errorOf);
    }

    /** Who sends markers looks for leaders, and does not know that this partition has a coordinator. */
    private static ErrorCode ofGroups(ErrorCode error) {
        return switch (error) {
            case NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS ->
                ErrorCode.NOT_LEADER_OR_FOLLOWER;
            default -> error;
        };
    }

    private static ErrorCode errorOf(AppendResult result) {
        return result instanceof Rejected rejected ? rejected.code() : ErrorCode.NONE;
    }

    private static WriteTxnMarkersResponse response(WriteTxnMarkersRequest request, List<ErrorCode> errors) {
        WriteTxnMarkersResponse response = new WriteTxnMarkersResponse();
        int next = 0;
        for (WritableTxnMarker marker : request.markers()) {
            WritableTxnMarkerResult result = new WritableTxnMarkerResult().setProducerId(marker.producerId());
            for (WritableTxnMarkerTopic topic : marker.topics()) {
                WritableTxnMarkerTopicResult ofTopic = new WritableTxnMarkerTopicResult().setName(topic.name());
                for (int index : topic.partitionIndexes()) {
                    ofTopic.partitions()
                            .add(new WritableTxnMarkerPartitionResult()
                                    .setPartitionIndex(index)
                                    .setErrorCode(errors.get(next++).code()));
                }
                result.topics().add(ofTopic);
            }
            response.markers().add(result);
        }
        return response;
    }
}
