// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.quarkus.connector.client.consumer.ConsumedPartition.FetchedRecord;
import io.kaon.record.Record;
import io.kaon.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Deserializer;

/** Takes records that have been fetched out of their partitions, deserialized. Owned by the thread that polls. */
public final class RecordReader<K, V> implements AutoCloseable {
    private static final int NO_EPOCH = -1;

    private final Deserializer<K> keys;
    private final Deserializer<V> values;

    public RecordReader(Deserializer<K> keys, Deserializer<V> values) {
        this.keys = keys;
        this.values = values;
    }

    /**
     * The next records, at most {@code max}; positions move past them. A record that cannot be read stops its poll and
     * is met first by the next one, which throws {@link RecordDeserializationException}, or what a failure handler
     * threw.
     */
    Map<TopicPartition, List<ConsumerRecord<K, V>>> take(Collection<ConsumedPartition> partitions, int max) {
        Map<TopicPartition, List<ConsumerRecord<K, V>>> taken = new LinkedHashMap<>();
        int left = max;
        for (ConsumedPartition partition : partitions) {
            if (partition.isPaused() || left == 0 || !partition.hasRecords()) {
                continue;
            }
            List<ConsumerRecord<K, V>> records = new ArrayList<>(Math.min(left, partition.recordCount()));
            try {
                take(partition, left, records);
            } catch (RuntimeException e) {
                if (records.isEmpty() && taken.isEmpty()) {
                    throw e;
                }
                left = records.size(); // What could be read is delivered before the failure.
            }
            if (!records.isEmpty()) {
                taken.put(partition.id(), records);
                left -= records.size();
            }
        }
        return taken;
    }

    private void take(ConsumedPartition partition, int max, List<ConsumerRecord<K, V>> records) {
        while (records.size() < max && partition.hasRecords()) {
            records.add(read(partition.id(), partition.first()));
            partition.advance();
        }
    }

    private ConsumerRecord<K, V> read(TopicPartition id, FetchedRecord fetched) {
        Record record = fetched.record();
        Headers headers = new RecordHeaders();
        for (RecordHeader header : record.headers()) {
            headers.add(header.key(), header.hasValue() ? bytes(header.value()) : null);
        }
        byte[] key = record.hasKey() ? bytes(record.key()) : null;
        byte[] value = record.hasValue() ? bytes(record.value()) : null;
        return new ConsumerRecord<>(
                id.topic(),
                id.partition(),
                record.offset(),
                record.timestamp(),
                fetched.isLogAppendTime() ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME,
                key == null ? ConsumerRecord.NULL_SIZE : key.length,
                value == null ? ConsumerRecord.NULL_SIZE : value.length,
                key == null ? null : keys.deserialize(id.topic(), headers, key),
                value == null ? null : values.deserialize(id.topic(), headers, value),
                headers,
                fetched.leaderEpoch() == NO_EPOCH ? Optional.empty() : Optional.of(fetched.leaderEpoch()));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    @Override
    public void close() {
        keys.close();
        values.close();
    }
}
