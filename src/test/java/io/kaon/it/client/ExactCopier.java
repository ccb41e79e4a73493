// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Copies a topic exactly once, as an application does that wants to survive what happens to the broker; runs until it is
 * killed: {@code bootstrap input output group key=value…}, the last being more settings of the consumer.
 */
public final class ExactCopier {
    private static final Duration POLL = Duration.ofMillis(100);

    private final Map<String, Object> consumerConfig;
    private final Map<String, Object> producerConfig;
    private final String output;
    private final Consumer<String, String> consumer;

    private ExactCopier(String[] args) {
        consumerConfig = new HashMap<>(Map.of(
                "bootstrap.servers",
                args[0],
                "group.id",
                args[3],
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                "false",
                "max.poll.records",
                5));
        for (int n = 4; n < args.length; n++) {
            int separator = args[n].indexOf('=');
            consumerConfig.put(args[n].substring(0, separator), args[n].substring(separator + 1));
        }
        producerConfig = Map.of(
                "bootstrap.servers",
                args[0],
                "transactional.id",
                args[3],
                "transaction.timeout.ms",
                10_000,
                "delivery.timeout.ms",
                30_000,
                "request.timeout.ms",
                5_000);
        output = args[2];
        consumer = new KafkaConsumer<>(consumerConfig, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(args[1]));
    }

    public static void main(String[] args) {
        ExactCopier copier = new ExactCopier(args);
        while (true) {
            copier.copyUntilItFails();
        }
    }

    /** One producer's life: whatever fails, the next one aborts what this one has left. */
    private void copyUntilItFails() {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(producerConfig, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            backToCommitted();
            while (true) {
                ConsumerRecords<String, String> records = consumer.poll(POLL);
                if (!records.isEmpty()) {
                    copy(records, producer);
                }
            }
        } catch (KafkaException failure) {
            System.out.println("starts again after " + failure);
        }
    }

    private void backToCommitted() {
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(consumer.assignment());
        committed.forEach((partition, offset) -> consumer.seek(partition, offset == null ? 0 : offset.offset()));
    }

    private void copy(ConsumerRecords<String, String> records, KafkaProducer<String, String> producer) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        producer.beginTransaction();
        for (ConsumerRecord<String, String> record : records) {
            producer.send(new ProducerRecord<>(output, record.partition(), null, record.value()));
            offsets.put(
                    new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
        }
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        producer.commitTransaction();
    }
}
