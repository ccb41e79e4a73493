// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.stress;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** The one member of a group, which leaves and comes back: it must never be sent back behind what it committed. */
final class CommittingReader implements Runnable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration COMMIT_LIMIT = Duration.ofSeconds(20);
    private static final Duration SHORTEST = Duration.ofSeconds(4);
    private static final int MAX_LONGER_MS = 6_000;

    private final StressRun run;
    private final String topic;
    private final Random random;
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();

    CommittingReader(StressRun run, String topic) {
        this.run = run;
        this.topic = topic;
        this.random = run.random("group of " + topic);
    }

    @Override
    public void run() {
        while (run.isRunning()) {
            try (KafkaConsumer<String, String> consumer = run.clients().member("stress-" + topic)) {
                consume(consumer, SHORTEST.plusMillis(random.nextInt(MAX_LONGER_MS)));
            } catch (KafkaException failure) {
                run.count("member began anew after " + failure.getClass().getSimpleName());
            }
        }
    }

    private void consume(KafkaConsumer<String, String> consumer, Duration length) {
        consumer.subscribe(List.of(topic));
        Set<TopicPartition> resumed = new HashSet<>();
        long end = System.nanoTime() + length.toNanos();
        while (run.isRunning() && System.nanoTime() < end) {
            Map<TopicPartition, OffsetAndMetadata> read = new HashMap<>();
            for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (resumed.add(partition)) {
                    checkResumed(partition, record.offset());
                }
                read.put(partition, new OffsetAndMetadata(record.offset() + 1));
            }
            if (!read.isEmpty()) {
                consumer.commitSync(read, COMMIT_LIMIT);
                committed.putAll(read);
                run.count("committed");
            }
        }
    }

    private void checkResumed(TopicPartition partition, long offset) {
        OffsetAndMetadata last = committed.get(partition);
        if (last != null && offset < last.offset()) {
            run.found("the group went on at %s@%d although it had committed %d", partition, offset, last.offset());
        }
    }
}
