// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import io.kaon.quarkus.connector.client.producer.KnownTopics.KnownTopic;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.Serializer;

/** Makes of a record what goes to the broker: interceptors, serializers, the partition. Any thread. */
final class RecordPreparer<K, V> implements AutoCloseable {
    private static final int RECORD_OVERHEAD_BYTES = 64;

    private final Serializer<K> keySerializer;
    private final Serializer<V> valueSerializer;
    private final ProducerInterceptors<K, V> interceptors;
    private final PartitionChooser partitions;
    private final int maxRequestBytes;
    private final int memoryBytes;

    RecordPreparer(ProducerPlugins<K, V> plugins, PartitionChooser partitions, int maxRequestBytes, int memoryBytes) {
        this.keySerializer = plugins.keySerializer();
        this.valueSerializer = plugins.valueSerializer();
        this.interceptors = plugins.interceptors();
        this.partitions = partitions;
        this.maxRequestBytes = maxRequestBytes;
        this.memoryBytes = memoryBytes;
    }

    /** The record that is sent in the place of the given one. */
    ProducerRecord<K, V> intercept(ProducerRecord<K, V> record) {
        return interceptors.isEmpty() ? record : interceptors.onSend(record);
    }

    /** The outcome, told to interceptors first. */
    SendOutcome intercepted(ProducerRecord<K, V> record, SendOutcome outcome) {
        return interceptors.isEmpty() ? outcome : new InterceptedOutcome<>(interceptors, record, outcome);
    }

    /**
     * The record in bytes.
     *
     * @throws org.apache.kafka.common.KafkaException when it cannot be written or is too large
     */
    PendingRecord serialize(ProducerRecord<K, V> record, SendOutcome outcome) {
        byte[] key = keySerializer.serialize(record.topic(), record.headers(), record.key());
        byte[] value = valueSerializer.serialize(record.topic(), record.headers(), record.value());
        PendingRecord pending = PendingRecord.of(record, key, value, outcome);
        int bytes = pending.sizeInBytes();
        if (bytes > maxRequestBytes - RECORD_OVERHEAD_BYTES) {
            throw new RecordTooLargeException("A record of " + bytes + " bytes is larger than "
                    + ProducerConfig.MAX_REQUEST_SIZE_CONFIG + " allows, " + maxRequestBytes);
        }
        if (bytes > memoryBytes) {
            throw new RecordTooLargeException("A record of " + bytes + " bytes is larger than "
                    + ProducerConfig.BUFFER_MEMORY_CONFIG + " allows, " + memoryBytes);
        }
        return pending;
    }

    TopicPartition partition(ProducerRecord<K, V> record, PendingRecord pending, KnownTopic topic) {
        return partitions.choose(record, pending, topic);
    }

    @Override
    public void close() {
        interceptors.close();
        keySerializer.close();
        valueSerializer.close();
        partitions.close();
    }
}
