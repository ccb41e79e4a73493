// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.client;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends numbered records whose content follows from their number: {@code bootstrap topic partitions count bytes codec}.
 * Record n goes to partition n mod partitions. Works with every kafka-clients from 2.x on.
 */
public final class BulkProducer {
    private BulkProducer() {}

    public static void main(String[] args) {
        String topic = args[1];
        int partitions = Integer.parseInt(args[2]);
        long count = Long.parseLong(args[3]);
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
                65_536);
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long n = 0; n < count; n++) {
                byte[] key = ByteBuffer.allocate(Long.BYTES).putLong(n).array();
                producer.send(
                        new ProducerRecord<>(topic, (int) (n % partitions), key, content(n, bytes)),
                        (metadata, error) -> {
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

    /** What record n holds: half of it noise that is the same in each run, half of it compressible. */
    static byte[] content(long n, int bytes) {
        byte[] value = new byte[bytes];
        byte[] noise = new byte[bytes / 2];
        new Random(n).nextBytes(noise);
        System.arraycopy(noise, 0, value, 0, noise.length);
        return value;
    }
}
