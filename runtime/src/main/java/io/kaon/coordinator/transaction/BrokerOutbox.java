// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.TopicPartition;
import io.kaon.wire.message.WriteTxnMarkersRequest;
import io.kaon.wire.message.WriteTxnMarkersRequest.WritableTxnMarker;
import io.kaon.wire.message.WriteTxnMarkersResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/**
 * The markers that wait for one broker. What comes while its requests are under way goes together in the next one, so
 * that many producers cost few requests. Owned by the shard.
 */
final class BrokerOutbox {
    static final int MAX_REQUESTS_UNDER_WAY = 4;
    static final int MAX_MARKERS_PER_REQUEST = 1_000;

    private final int brokerId;
    private final Deque<Parcel> waiting = new ArrayDeque<>();
    private int underWay;

    BrokerOutbox(int brokerId) {
        this.brokerId = brokerId;
    }

    void add(Parcel parcel) {
        waiting.add(parcel);
    }

    /**
     * Sends what may be sent.
     *
     * @param onAnswer gets every parcel back, on any thread; it calls {@link #onAnswered} inside the owner
     */
    void flush(MarkerSender sender, int coordinatorEpoch, BiConsumer<List<Parcel>, WriteTxnMarkersResponse> onAnswer) {
        while (!waiting.isEmpty() && underWay < MAX_REQUESTS_UNDER_WAY) {
            List<Parcel> parcels = new ArrayList<>();
            List<WritableTxnMarker> markers = new ArrayList<>();
            while (!waiting.isEmpty() && parcels.size() < MAX_MARKERS_PER_REQUEST) {
                Parcel parcel = waiting.poll();
                parcels.add(parcel);
                markers.add(parcel.delivery().marker(parcel.partitions(), coordinatorEpoch));
            }
            underWay++;
            send(sender, new WriteTxnMarkersRequest().setMarkers(markers))
                    .whenComplete((response, failure) ->
                            onAnswer.accept(parcels, failure == null ? response : new WriteTxnMarkersResponse()));
        }
    }

    private CompletionStage<WriteTxnMarkersResponse> send(MarkerSender sender, WriteTxnMarkersRequest request) {
        try {
            return sender.send(brokerId, request);
        } catch (RuntimeException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    void onAnswered() {
        underWay--;
    }

    /**
     * A part of a delivery: the partitions that one broker leads.
     *
     * @param partitions in order
     */
    record Parcel(Delivery delivery, List<TopicPartition> partitions) {}
}
