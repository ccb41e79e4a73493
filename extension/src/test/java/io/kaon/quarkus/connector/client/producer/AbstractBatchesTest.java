// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import io.kaon.quarkus.connector.client.ApiCaller;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.RecordBatch;
import io.kaon.wire.message.ProduceRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;

/** A sender of batches and a broker that answers as it was told. */
abstract class AbstractBatchesTest {
    static final long PATIENCE_S = 20;

    private static final TopicPartition TARGET = new TopicPartition("out", 1);

    final FakeCoordinator broker = new FakeCoordinator();
    final ExecutorService owner = Executors.newSingleThreadExecutor();
    final ProducerMeter meter = new ProducerMeter();

    @AfterEach
    void stop() {
        owner.shutdownNow();
    }

    final BatchSender sender(ApiCaller calls, DeliveryLimits limits, Optional<ProducerTransaction> transaction) {
        return new BatchSender(
                new BatchSender.Surroundings(calls, owner, bytes -> {}, topic -> {}),
                limits,
                Compression.of(CompressionType.NONE),
                transaction,
                meter);
    }

    final CompletableFuture<RecordMetadata> send(BatchSender sender, String value) {
        CallbackOutcome outcome = new CallbackOutcome(null);
        PendingRecord record = new PendingRecord(
                1, null, value.getBytes(StandardCharsets.UTF_8), List.of(), System.nanoTime(), outcome);
        owner.execute(() -> sender.accept(TARGET, record));
        return outcome.future();
    }

    final List<RecordBatch> batches() {
        return broker.requests(ProduceRequest.class).stream()
                .map(request ->
                        request.topicData().get(0).partitionData().get(0).records())
                .map(records -> RecordBatch.at(records.toBuffer(), 0))
                .toList();
    }
}
