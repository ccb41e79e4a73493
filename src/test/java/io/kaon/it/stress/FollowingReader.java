// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.stress;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads partitions while they grow, every now and then from their beginning. */
final class FollowingReader implements Runnable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration SHORTEST = Duration.ofSeconds(15);
    private static final int MAX_LONGER_MS = 10_000;

    private final StressRun run;
    private final List<TopicPartition> partitions;
    private final Random random;

    FollowingReader(StressRun run, List<TopicPartition> partitions) {
        this.run = run;
        this.partitions = partitions;
        this.random = run.random("reader of " + partitions);
    }

    @Override
    public void run() {
        while (run.isRunning()) {
            try (KafkaConsumer<String, String> consumer = run.clients().reader()) {
                follow(consumer, SHORTEST.plusMillis(random.nextInt(MAX_LONGER_MS)));
            } catch (KafkaException failure) {
                run.count("reader began anew after " + failure.getClass().getSimpleName());
            }
        }
    }

    private void follow(KafkaConsumer<String, String> consumer, Duration length) {
        Map<TopicPartition, PartitionReading> readings = new HashMap<>();
        partitions.forEach(partition -> readings.put(partition, new PartitionReading(run, partition)));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        long end = System.nanoTime() + length.toNanos();
        while (run.isRunning() && System.nanoTime() < end) {
            for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                readings.get(new TopicPartition(record.topic(), record.partition()))
                        .read(record);
            }
        }
    }
}
