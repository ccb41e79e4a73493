// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import io.kaon.quarkus.connector.client.Bell;
import io.kaon.quarkus.connector.client.Deadline;
import io.kaon.quarkus.connector.metering.ChannelMeter;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/**
 * Stands before the handlers of a channel and counts what the application has got and has not given back. Any thread.
 */
final class InFlight {
    private final ChannelMeter meter;
    private final KafkaCommitHandler commits;
    private final KafkaFailureHandler failures;
    private final LongAdder given = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final Bell bell = new Bell();
    /** Strategies acknowledge what they have dealt with; that is not the application's acknowledgement. */
    private final Set<IncomingKafkaRecord<?, ?>> refused = ConcurrentHashMap.newKeySet();

    private volatile boolean isAwaited;

    InFlight(ChannelMeter meter, KafkaCommitHandler commits, KafkaFailureHandler failures) {
        this.meter = meter;
        this.commits = commits;
        this.failures = failures;
    }

    /** What records get as their handlers. */
    record Handlers(KafkaCommitHandler commits, KafkaFailureHandler failures) {}

    /** For records that are acknowledged one by one. */
    Handlers handlers() {
        return new Handlers(new CountingCommits(record -> 1), new CountingFailures());
    }

    /** For the records of one batch, of which the last one of each partition is acknowledged for all. */
    Handlers handlers(ConsumerRecords<?, ?> batch) {
        Map<TopicPartition, Part> parts = new HashMap<>();
        for (TopicPartition partition : batch.partitions()) {
            List<? extends ConsumerRecord<?, ?>> records = batch.records(partition);
            parts.put(partition, new Part(records.get(records.size() - 1).offset(), records.size()));
        }
        ToIntFunction<IncomingKafkaRecord<?, ?>> size = record -> {
            Part part = parts.get(new TopicPartition(record.getTopic(), record.getPartition()));
            return record.getOffset() == part.lastOffset() ? part.records() : 0;
        };
        return new Handlers(new CountingCommits(size), new CountingFailures());
    }

    private record Part(long lastOffset, int records) {}

    /** So many records are given to the application. */
    void given(int records) {
        given.add(records);
    }

    private void ended(int records) {
        ended.add(records);
        if (isAwaited) {
            bell.ring();
        }
    }

    /** How many records the application has, now or a moment ago. */
    long count() {
        long gone = ended.sum(); // First, so that a record in between does not count as minus one.
        return Math.max(0, given.sum() - gone);
    }

    /**
     * Waits until the application has given everything back, or the time is over. Says how many records it still has.
     */
    long awaitNone(Deadline deadline) {
        isAwaited = true;
        while (count() > 0 && !deadline.hasPassed()) {
            bell.await(Math.max(1, deadline.leftMs()));
        }
        return count();
    }

    private final class CountingCommits implements KafkaCommitHandler, FastCommit {
        private final ToIntFunction<IncomingKafkaRecord<?, ?>> size;

        CountingCommits(ToIntFunction<IncomingKafkaRecord<?, ?>> size) {
            this.size = size;
        }

        @Override
        public void onReceived(IncomingKafkaRecord<?, ?> record) {
            throw new IllegalStateException("Records are received before they are given, not by this");
        }

        @Override
        public boolean onAcknowledged(IncomingKafkaRecord<?, ?> record) {
            boolean isDone = commits instanceof FastCommit fast && fast.onAcknowledged(record);
            if (isDone) {
                count(record);
            }
            return isDone;
        }

        @Override
        public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record) {
            Uni<Void> done = commits.handle(record);
            count(record);
            return done;
        }

        private void count(IncomingKafkaRecord<?, ?> record) {
            if (refused.isEmpty() || !refused.contains(record)) {
                int records = size.applyAsInt(record);
                meter.acknowledged(records);
                ended(records);
            }
        }
    }

    private final class CountingFailures implements KafkaFailureHandler {
        @Override
        public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record, Throwable reason, Metadata metadata) {
            meter.failed(1);
            refused.add(record);
            return failures.handle(record, reason, metadata).onTermination().invoke(() -> {
                refused.remove(record);
                ended(1);
            });
        }
    }
}
