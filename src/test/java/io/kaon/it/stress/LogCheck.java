// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.stress;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads each partition from its beginning to its end: all that was acknowledged is there. */
final class LogCheck {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PARTITION_LIMIT = Duration.ofSeconds(60);

    private final StressRun run;

    LogCheck(StressRun run) {
        this.run = run;
    }

    void check() {
        try (KafkaConsumer<String, String> consumer = run.clients().reader()) {
            run.acknowledged().partitions().forEach(partition -> check(partition, consumer));
        }
    }

    private void check(TopicPartition partition, KafkaConsumer<String, String> consumer) {
        consumer.assign(List.of(partition));
        long logEndOffset = consumer.endOffsets(List.of(partition)).get(partition);
        long acknowledgedEndOffset = run.acknowledged().endOffset(partition);
        if (logEndOffset < acknowledgedEndOffset) {
            run.found("%s ends at %d, acknowledged up to %d", partition, logEndOffset, acknowledgedEndOffset);
        }
        consumer.seekToBeginning(List.of(partition));
        PartitionReading reading = new PartitionReading(run, partition);
        long end = System.nanoTime() + PARTITION_LIMIT.toNanos();
        while (reading.nextOffset() < logEndOffset && System.nanoTime() < end) {
            consumer.poll(POLL).forEach(reading::read);
        }
        if (reading.nextOffset() < logEndOffset) {
            run.found("%s can be read up to %d of %d", partition, reading.nextOffset(), logEndOffset);
        }
        run.count("partitions checked");
    }
}
