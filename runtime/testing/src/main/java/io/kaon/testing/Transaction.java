// SPDX-License-Identifier: Apache-2.0
package io.kaon.testing;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** A transaction that is open: what is written belongs to it. Used by the thread that began it. */
public final class Transaction {
    private final KafkaProducer<byte[], byte[]> producer;
    private final KaonClient client;

    Transaction(KafkaProducer<byte[], byte[]> producer, KaonClient client) {
        this.producer = producer;
        this.client = client;
    }

    /** Writes values and waits until they are in the log, where only {@code read_uncommitted} sees them yet. */
    public List<RecordMetadata> produce(String topic, Object... values) {
        return produce(Stream.of(values)
                .map(value -> new ProducerRecord<Object, Object>(topic, value))
                .toList());
    }

    /** Writes records and waits until they are in the log. */
    public List<RecordMetadata> produce(List<? extends ProducerRecord<?, ?>> records) {
        List<Future<RecordMetadata>> sent = client.send(producer, records);
        return client.await("Writing in a transaction", sent);
    }

    /** Commits the offset of a group with the transaction: the next record that the group reads. */
    public void commitOffset(String groupId, String topic, int partition, long offset) {
        producer.sendOffsetsToTransaction(
                Map.of(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)),
                new ConsumerGroupMetadata(groupId));
    }
}
