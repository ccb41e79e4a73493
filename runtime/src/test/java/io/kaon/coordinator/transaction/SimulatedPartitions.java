// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.common.TopicPartition;
import io.kaon.sim.VirtualTime;
import io.kaon.wire.message.WriteTxnMarkersRequest;
import io.kaon.wire.message.WriteTxnMarkersRequest.WritableTxnMarker;
import io.kaon.wire.message.WriteTxnMarkersResponse;
import io.kaon.wire.message.WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult;
import io.kaon.wire.message.WriteTxnMarkersResponse.WritableTxnMarkerResult;
import io.kaon.wire.message.WriteTxnMarkersResponse.WritableTxnMarkerTopicResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Partitions with the rules that leaders hold records and markers to, over a network that loses, delays and repeats
 * what coordinators send. Remembers how every transaction ended in every partition.
 */
final class SimulatedPartitions implements MarkerSender {
    enum End {
        OPEN,
        COMMITTED,
        ABORTED
    }

    private static final int MAX_DELAY_MS = 200;
    private static final int MAX_LATE_MS = 5_000;

    private final Random random;
    private final VirtualTime time;
    private final Map<TopicPartition, Map<Long, ProducerAt>> producers = new HashMap<>();
    private final Map<Integer, Map<TopicPartition, End>> transactions = new HashMap<>();
    private boolean faulty = true;
    private int markersTaken;
    private int markersRefused;

    SimulatedPartitions(Random random, VirtualTime time) {
        this.random = random;
        this.time = time;
    }

    void heal() {
        faulty = false;
    }

    int markersTaken() {
        return markersTaken;
    }

    int markersRefused() {
        return markersRefused;
    }

    /** Whether the producer has a transaction open there, so that nobody needs to be asked about it. */
    boolean isOpen(TopicPartition partition, ProducerIdAndEpoch producer) {
        ProducerAt at = at(partition, producer.producerId());
        return at.epoch == producer.epoch() && at.transaction != ProducerAt.NONE;
    }

    /** A record of the transaction with that number. False when the producer is fenced. */
    boolean append(TopicPartition partition, ProducerIdAndEpoch producer, int transaction) {
        ProducerAt at = at(partition, producer.producerId());
        if (producer.epoch() < at.epoch) {
            return false;
        }
        assertThat(at.transaction == ProducerAt.NONE || at.transaction == transaction)
                .as("%s of %s would mix transactions %s and %s", partition, producer, at.transaction, transaction)
                .isTrue();
        at.epoch = producer.epoch();
        at.transaction = transaction;
        End before = transactions
                .computeIfAbsent(transaction, number -> new HashMap<>())
                .put(partition, End.OPEN);
        assertThat(before == null || before == End.OPEN)
                .as("transaction %s goes on in %s after its end", transaction, partition)
                .isTrue();
        return true;
    }

    /** How the transaction ended in each partition that it reached. */
    Map<TopicPartition, End> ends(int transaction) {
        return transactions.getOrDefault(transaction, Map.of());
    }

    Map<Integer, Map<TopicPartition, End>> all() {
        return transactions;
    }

    @Override
    public CompletionStage<WriteTxnMarkersResponse> send(int brokerId, WriteTxnMarkersRequest request) {
        CompletableFuture<WriteTxnMarkersResponse> response = new CompletableFuture<>();
        int fate = faulty ? random.nextInt(100) : 100;
        if (fate < 8) {
            later(MAX_DELAY_MS, () -> response.completeExceptionally(new IllegalStateException("request lost")));
        } else if (fate < 16) {
            later(MAX_DELAY_MS, () -> {
                take(request);
                response.completeExceptionally(new IllegalStateException("answer lost"));
            });
        } else if (fate < 60) {
            later(MAX_DELAY_MS, () -> response.complete(take(request)));
        } else {
            response.complete(take(request));
        }
        boolean canBeTold = request.markers().stream().allMatch(marker -> marker.transactionVersion() >= 2);
        if (faulty && canBeTold && random.nextInt(4) == 0) {
            // Again, when the transaction may be long over: only with an epoch for each can that be told.
            later(MAX_LATE_MS, () -> take(request));
        }
        return response;
    }

    private void later(int maxMs, Runnable task) {
        time.schedule(random.nextInt(maxMs), task);
    }

    private WriteTxnMarkersResponse take(WriteTxnMarkersRequest request) {
        List<WritableTxnMarkerResult> results = new ArrayList<>();
        for (WritableTxnMarker marker : request.markers()) {
            List<WritableTxnMarkerTopicResult> topics = new ArrayList<>();
            marker.topics().forEach(topic -> {
                List<WritableTxnMarkerPartitionResult> partitions = new ArrayList<>();
                for (int index : topic.partitionIndexes()) {
                    ErrorCode error = faulty && random.nextInt(10) == 0
                            ? ErrorCode.NOT_LEADER_OR_FOLLOWER
                            : take(new TopicPartition(topic.name(), index), marker);
                    partitions.add(new WritableTxnMarkerPartitionResult()
                            .setPartitionIndex(index)
                            .setErrorCode(error.code()));
                }
                topics.add(
                        new WritableTxnMarkerTopicResult().setName(topic.name()).setPartitions(partitions));
            });
            results.add(new WritableTxnMarkerResult()
                    .setProducerId(marker.producerId())
                    .setTopics(topics));
        }
        return new WriteTxnMarkersResponse().setMarkers(results);
    }

    private ErrorCode take(TopicPartition partition, WritableTxnMarker marker) {
        ProducerAt at = at(partition, marker.producerId());
        boolean hasOwnEpoch = marker.transactionVersion() >= 2;
        boolean isOpen = at.transaction != ProducerAt.NONE;
        if (marker.coordinatorEpoch() < at.coordinatorEpoch) {
            markersRefused++;
            return ErrorCode.TRANSACTION_COORDINATOR_FENCED;
        }
        if (marker.producerEpoch() < at.epoch || hasOwnEpoch && isOpen && marker.producerEpoch() == at.epoch) {
            markersRefused++;
            return ErrorCode.INVALID_PRODUCER_EPOCH;
        }
        if (isOpen) {
            int ahead = marker.producerEpoch() - at.epoch;
            assertThat(ahead)
                    .as("%s ends transaction %s of epoch %s", marker, at.transaction, at.epoch)
                    .isEqualTo(hasOwnEpoch || !marker.transactionResult() && ahead > 0 ? 1 : 0);
            End end = marker.transactionResult() ? End.COMMITTED : End.ABORTED;
            transactions.get(at.transaction).put(partition, end);
            assertThat(transactions.get(at.transaction).values())
                    .as("transaction %s is split", at.transaction)
                    .doesNotContain(end == End.COMMITTED ? End.ABORTED : End.COMMITTED);
        }
        at.transaction = ProducerAt.NONE;
        at.epoch = marker.producerEpoch();
        at.coordinatorEpoch = marker.coordinatorEpoch();
        markersTaken++;
        return ErrorCode.NONE;
    }

    private ProducerAt at(TopicPartition partition, long producerId) {
        return producers
                .computeIfAbsent(partition, key -> new HashMap<>())
                .computeIfAbsent(producerId, id -> new ProducerAt());
    }

    /** What a partition knows of a producer. */
    private static final class ProducerAt {
        private static final int NONE = -1;

        private int epoch = -1;
        private int transaction = NONE;
        private int coordinatorEpoch;
    }
}
