// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench.coordination;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A broker that is measured, and Kafka's own clients of it.
 *
 * @param bootstrap host:port
 * @param label what the broker is called in the figures
 * @param run distinguishes the topics and groups of this run from those of others at the same broker
 */
record Target(String bootstrap, String label, String run) {
    private static final long PATIENCE_SECONDS = 120;
    private static final long SETTLE_MS = 1_000;

    static Target of(String bootstrap, String label) {
        return new Target(bootstrap, label, Long.toString(System.currentTimeMillis(), Character.MAX_RADIX));
    }

    String named(String what) {
        return what + "-" + run;
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrap);
        all.putIfAbsent("enable.auto.commit", false);
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrap);
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Makes a topic and gives the broker a moment to settle. */
    void createTopic(String topic, int partitions) {
        try (Admin admin = admin()) {
            await(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all());
        }
        pause(SETTLE_MS);
    }

    /** Writes so many small records to each partition. */
    void fill(String topic, int partitions, int records) {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("acks", "all"))) {
            List<Future<?>> sent = new ArrayList<>();
            for (int index = 0; index < records * partitions; index++) {
                sent.add(producer.send(new ProducerRecord<>(topic, index % partitions, null, new byte[100])));
            }
            sent.forEach(Target::await);
        }
    }

    static <T> T await(Future<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IllegalStateException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    static void pause(long ms) {
        try {
            TimeUnit.MILLISECONDS.sleep(ms);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static double msSince(long startNs) {
        return (System.nanoTime() - startNs) / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }
}
