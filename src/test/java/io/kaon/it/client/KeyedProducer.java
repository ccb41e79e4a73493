// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.client;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes the same keys again and again, some of them with tombstones: {@code bootstrap topic count keys bytes codec}. Each
 * record goes to partition 0.
 */
public final class KeyedProducer {
    /** Every so many records one is a tombstone. */
    private static final int TOMBSTONES = 17;

    private KeyedProducer() {}

    public static void main(String[] args) {
        long count = Long.parseLong(args[2]);
        long keys = Long.parseLong(args[3]);
        int bytes = Integer.parseInt(args[4]);
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                args[0],
                "acks",
                "all",
                "enable.idempotence",
                true,
                "compression.type",
                args[5],
                "linger.ms",
                5,
                "batch.size",
                16_384);
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long n = 0; n < count; n++) {
                byte[] key = ("key-" + n % keys).getBytes(StandardCharsets.UTF_8);
                byte[] value = n % TOMBSTONES == 0 ? null : BulkProducer.content(n, bytes);
                producer.send(new ProducerRecord<>(args[1], 0, key, value), (metadata, error) -> {
                    if (error != null) {
                        failure.compareAndSet(null, error);
                    }
                });
            }
            producer.flush();
        }
        if (failure.get() != null) {
            throw new IllegalStateException("a record was not sent", failure.get());
        }
        System.out.println("sent " + count);
    }
}
