// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
import io.kaon.broker.TopicSpec;
import io.kaon.network.InJvmCaller;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.wire.BufferRecords;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.ProduceRequest.PartitionProduceData;
import io.kaon.wire.message.ProduceRequest.TopicProduceData;
import io.kaon.wire.message.ProduceResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A broker in this JVM, and what tests write into it and ask of it. */
final class RecordsFixture implements AutoCloseable {
    private static final short PRODUCE_BY_NAME = 12;

    final Broker broker;
    final TopicRecords records;
    private final InJvmCaller caller;

    RecordsFixture() {
        this(Map.of());
    }

    RecordsFixture(Map<String, String> config) {
        broker = Broker.start(BrokerOptions.embedded().withConfig(config));
        records = TopicRecords.of(broker);
        caller = broker.connect("test");
    }

    void topic(String name, int partitions) {
        topic(name, partitions, Map.of());
    }

    void topic(String name, int partitions, Map<String, String> config) {
        broker.createTopics(Map.of(name, new TopicSpec(partitions, config)));
    }

    /** Writes a batch and answers its base offset. */
    long write(String topic, int partition, RecordBatchBuilder batch) {
        return write(topic, partition, batch.build(), PRODUCE_BY_NAME);
    }

    long write(String topic, int partition, ByteBuffer batch, short version) {
        ProduceRequest request = new ProduceRequest()
                .setAcks((short) -1)
                .setTimeoutMs(10_000)
                .setTopicData(new ArrayList<>(List.of(new TopicProduceData()
                        .setName(topic)
                        .setPartitionData(new ArrayList<>(List.of(new PartitionProduceData()
                                .setIndex(partition)
                                .setRecords(new BufferRecords(batch))))))));
        ProduceResponse answer = (ProduceResponse) await(caller.call(request, version));
        var partitionAnswer = answer.responses().get(0).partitionResponses().get(0);
        assertThat(partitionAnswer.errorCode()).isZero();
        return partitionAnswer.baseOffset();
    }

    /** Writes records with the values {@code v<from>} and on, 1 ms apart, one batch for every hundred. */
    void writeNumbered(String topic, int partition, int from, int count) {
        for (int index = 0; index < count; index += 100) {
            RecordBatchBuilder batch = RecordBatchBuilder.uncompressed();
            for (int inBatch = 0; inBatch < Math.min(100, count - index); inBatch++) {
                int number = from + index + inBatch;
                batch.append(1_000_000L + number, bytes("k" + number), bytes("v" + number));
            }
            write(topic, partition, batch);
        }
    }

    RecordPage page(PageQuery query) {
        return await(records.page(query));
    }

    static List<String> values(RecordPage page) {
        return page.records().stream().map(record -> record.value().data()).toList();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        caller.close();
        broker.close();
    }
}
