// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.WriteTxnMarkersRequest;
import io.kaon.wire.message.WriteTxnMarkersRequest.WritableTxnMarker;
import io.kaon.wire.message.WriteTxnMarkersResponse;
import io.kaon.wire.message.WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult;
import io.kaon.wire.message.WriteTxnMarkersResponse.WritableTxnMarkerResult;
import io.kaon.wire.message.WriteTxnMarkersResponse.WritableTxnMarkerTopicResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Leaders of partitions that take markers: at once, or when told, or not. */
final class FakeLeaders implements MarkerSender {
    final List<Sent> sent = new ArrayList<>();
    private final List<Sent> held = new ArrayList<>();
    private Function<String, ErrorCode> errors = partition -> ErrorCode.NONE;
    private Optional<RuntimeException> failure = Optional.empty();
    private boolean holds;

    @Override
    public CompletionStage<WriteTxnMarkersResponse> send(int brokerId, WriteTxnMarkersRequest request) {
        Sent one = new Sent(brokerId, request, new CompletableFuture<>());
        sent.add(one);
        if (holds) {
            held.add(one);
        } else {
            answer(one);
        }
        return one.response;
    }

    /** Answers are kept back until {@link #release}. */
    void hold() {
        holds = true;
    }

    void release() {
        holds = false;
        List<Sent> waiting = List.copyOf(held);
        held.clear();
        waiting.forEach(this::answer);
    }

    /** What a partition, by its name, answers from now on. */
    void answer(Function<String, ErrorCode> byPartition) {
        errors = byPartition;
    }

    void fail(RuntimeException cause) {
        failure = Optional.of(cause);
    }

    void recover() {
        failure = Optional.empty();
        errors = partition -> ErrorCode.NONE;
    }

    /** Each marker sent, as {@code broker: topic-partition… producer/epoch COMMIT}. */
    List<String> markers() {
        List<String> texts = new ArrayList<>();
        sent.forEach(one -> one.request.markers().forEach(marker -> texts.add(one.brokerId + ": " + text(marker))));
        return texts;
    }

    static String text(WritableTxnMarker marker) {
        StringBuilder text = new StringBuilder();
        marker.topics().forEach(topic -> topic.partitionIndexes()
                .forEach(index ->
                        text.append(topic.name()).append('-').append(index).append(' ')));
        return text.append(marker.producerId())
                .append('/')
                .append(marker.producerEpoch())
                .append(marker.transactionResult() ? " COMMIT" : " ABORT")
                .toString();
    }

    private void answer(Sent one) {
        if (failure.isPresent()) {
            one.response.completeExceptionally(failure.get());
            return;
        }
        List<WritableTxnMarkerResult> results = new ArrayList<>();
        for (WritableTxnMarker marker : one.request.markers()) {
            results.add(result(marker));
        }
        one.response.complete(new WriteTxnMarkersResponse().setMarkers(results));
    }

    private WritableTxnMarkerResult result(WritableTxnMarker marker) {
        List<WritableTxnMarkerTopicResult> topics = new ArrayList<>();
        marker.topics().forEach(topic -> {
            List<WritableTxnMarkerPartitionResult> partitions = new ArrayList<>();
            for (int index : topic.partitionIndexes()) {
                partitions.add(new WritableTxnMarkerPartitionResult()
                        .setPartitionIndex(index)
                        .setErrorCode(errors.apply(topic.name() + "-" + index).code()));
            }
            topics.add(new WritableTxnMarkerTopicResult().setName(topic.name()).setPartitions(partitions));
        });
        return new WritableTxnMarkerResult().setProducerId(marker.producerId()).setTopics(topics);
    }

    /** A request that came, and its answer. */
    record Sent(int brokerId, WriteTxnMarkersRequest request, CompletableFuture<WriteTxnMarkersResponse> response) {}
}
