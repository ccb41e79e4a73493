// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import io.kaon.quarkus.connector.client.ApiCaller;
import io.kaon.quarkus.connector.client.producer.Lane.Batch;
import io.kaon.record.Compression;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.codec.StandardCodecs;
import io.kaon.wire.BufferRecords;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.ProduceResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/** Makes of a batch the bytes and the request that go to the broker. Used on the producer's thread; no state. */
final class BatchCalls {
    private static final StandardCodecs CODECS = new StandardCodecs();

    private final ApiCaller calls;
    private final DeliveryLimits limits;
    private final Compression compression;
    private final Optional<ProducerTransaction> transaction;
    private final ProducerMeter meter;

    BatchCalls(
            ApiCaller calls,
            DeliveryLimits limits,
            Compression compression,
            Optional<ProducerTransaction> transaction,
            ProducerMeter meter) {
        this.calls = calls;
        this.limits = limits;
        this.compression = compression;
        this.transaction = transaction;
        this.meter = meter;
    }

    /** The broker's answer, on a thread of its; a failure when it was not even asked. */
    CompletableFuture<ProduceResponse> call(Batch batch) {
        try {
            ByteBuffer bytes = encode(batch);
            meter.onBatch(batch.records().size(), bytes.remaining());
            return calls.call(ProduceResponse.class, request(batch.lane().target(), bytes));
        } catch (RuntimeException | LinkageError failure) { // A codec may need a library that is not there.
            return CompletableFuture.failedFuture(failure);
        }
    }

    private ByteBuffer encode(Batch batch) {
        RecordBatchBuilder builder = RecordBatchBuilder.compressed(CODECS, compression, batch.sizeInBytes());
        batch.producer().ifPresent(id -> builder.producer(id.producerId(), id.epoch(), batch.sequence()));
        if (transaction.isPresent()) {
            builder.transactional();
        }
        for (PendingRecord record : batch.records()) {
            builder.append(record.timestampMs(), wrap(record.key()), wrap(record.value()), record.headers());
        }
        return builder.build();
    }

    private ProduceRequest request(TopicPartition target, ByteBuffer batch) {
        var partition = new ProduceRequest.PartitionProduceData()
                .setIndex(target.partition())
                .setRecords(new BufferRecords(batch));
        var topic = new ProduceRequest.TopicProduceData()
                .setName(target.topic())
                .setPartitionData(new ArrayList<>(List.of(partition)));
        return new ProduceRequest()
                .setTransactionalId(
                        transaction.map(ProducerTransaction::transactionalId).orElse(null))
                .setAcks(limits.acks())
                .setTimeoutMs(limits.timeoutMs())
                .setTopicData(new ArrayList<>(List.of(topic)));
    }

    private static ByteBuffer wrap(byte[] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }
}
