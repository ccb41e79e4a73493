// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.Uuid;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.wire.BufferRecords;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.ProduceRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Requests with records for tests. */
final class Batches {
    private Batches() {}

    /**
     * A batch of such values, each a millisecond later than the one before, the first at {@link TestBroker#START_MS}.
     */
    static ByteBuffer batch(String... values) {
        return batchAt(TestBroker.START_MS, values);
    }

    static ByteBuffer batchAt(long timestampMs, String... values) {
        RecordBatchBuilder batch = RecordBatchBuilder.uncompressed();
        long timestamp = timestampMs;
        for (String value : values) {
            batch.append(timestamp++, null, value.getBytes(StandardCharsets.UTF_8));
        }
        return batch.build();
    }

    /** A Produce of one batch, with the topic named both ways. */
    static ProduceRequest produce(int acks, String topic, Uuid id, ByteBuffer batch) {
        ProduceRequest.TopicProduceData data =
                new ProduceRequest.TopicProduceData().setName(topic).setTopicId(id);
        data.partitionData()
                .add(new ProduceRequest.PartitionProduceData()
                        .setRecords(batch == null ? null : new BufferRecords(batch)));
        ProduceRequest request = new ProduceRequest().setAcks((short) acks).setTimeoutMs(30_000);
        request.topicData().add(data);
        return request;
    }

    /** A Fetch of partition 0, with the topic named both ways. */
    static FetchRequest fetch(String topic, Uuid id, long offset) {
        FetchRequest.FetchTopic asked =
                new FetchRequest.FetchTopic().setTopic(topic).setTopicId(id);
        asked.partitions()
                .add(new FetchRequest.FetchPartition().setFetchOffset(offset).setPartitionMaxBytes(1 << 20));
        FetchRequest request = new FetchRequest().setMaxWaitMs(500).setMinBytes(1);
        request.topics().add(asked);
        return request;
    }
}
