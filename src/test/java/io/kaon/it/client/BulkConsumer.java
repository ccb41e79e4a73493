// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.client;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads what {@link BulkProducer} sent and checks every byte and the order in each partition: {@code bootstrap topic
 * partitions count bytes}. Ends with an error at the first difference, or after 30 seconds without a record.
 */
public final class BulkConsumer {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private BulkConsumer() {}

    public static void main(String[] args) {
        String topic = args[1];
        int partitions = Integer.parseInt(args[2]);
        long count = Long.parseLong(args[3]);
        int bytes = Integer.parseInt(args[4]);
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                args[0],
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false,
                "isolation.level",
                "read_committed");
        long[] next = IntStream.range(0, partitions).asLongStream().toArray();
        long seen = 0;
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all = IntStream.range(0, partitions)
                    .mapToObj(p -> new TopicPartition(topic, p))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (seen < count && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    check(record, next, partitions, bytes);
                    seen++;
                    deadline = System.nanoTime() + PATIENCE.toNanos();
                }
            }
        }
        if (seen != count) {
            throw new IllegalStateException("saw " + seen + " of " + count + " records");
        }
        System.out.println("checked " + seen);
    }

    private static void check(ConsumerRecord<byte[], byte[]> record, long[] next, int partitions, int bytes) {
        long expected = next[record.partition()];
        long n = ByteBuffer.wrap(record.key()).getLong();
        if (n != expected || record.offset() != n / partitions) {
            throw new IllegalStateException("record " + n + " at offset " + record.offset() + " of partition "
                    + record.partition() + ", expected record " + expected);
        }
        if (!Arrays.equals(record.value(), BulkProducer.content(n, bytes))) {
            throw new IllegalStateException("record " + n + " has another value");
        }
        next[record.partition()] += partitions;
    }
}
