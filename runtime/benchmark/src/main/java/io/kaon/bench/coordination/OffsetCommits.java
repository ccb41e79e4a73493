// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench.coordination;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * {@code OffsetCommits HOST:PORT LABEL [GROUPS [SECONDS]]}: offset commits per second, when each of several groups has
 * some under way at any time; and how long a commit takes that is waited for. Each commit is of one partition. The
 * consumers assign their partitions themselves, so that nothing but commits is measured.
 */
public final class OffsetCommits {
    private static final int GROUPS = 8;
    private static final int SECONDS = 8;
    private static final int WARM_UP_SECONDS = 4;
    private static final int UNDER_WAY = 50;
    private static final Duration CALLBACKS = Duration.ofMillis(1);

    private final Target target;
    private final String topic;

    private OffsetCommits(Target target, int partitions) {
        this.target = target;
        this.topic = target.named("commits");
        target.createTopic(topic, partitions);
    }

    public static void main(String[] arguments) {
        Target target = Target.of(arguments[0], arguments[1]);
        int groups = arguments.length > 2 ? Integer.parseInt(arguments[2]) : GROUPS;
        int seconds = arguments.length > 3 ? Integer.parseInt(arguments[3]) : SECONDS;
        OffsetCommits bench = new OffsetCommits(target, groups);
        bench.pipelined(groups, WARM_UP_SECONDS);
        long commits = bench.pipelined(groups, seconds);
        Figure.of(target.label(), "offset commits, " + groups + " groups, pipelined: per s", commits / (double) seconds)
                .print();
        bench.waitedFor(WARM_UP_SECONDS);
        double[] micros = bench.waitedFor(seconds);
        Arrays.sort(micros);
        Figure.of(target.label(), "offset commit, waited for: p50 us", micros[micros.length / 2])
                .print();
        Figure.of(target.label(), "offset commit, waited for: p99 us", micros[(int) (micros.length * 0.99)])
                .print();
    }

    private long pipelined(int groups, int seconds) {
        ExecutorService threads = Executors.newFixedThreadPool(groups);
        List<Future<Long>> all = new ArrayList<>();
        for (int group = 0; group < groups; group++) {
            TopicPartition partition = new TopicPartition(topic, group);
            all.add(threads.submit(() -> commitAhead(partition, seconds)));
        }
        threads.shutdown();
        return all.stream().mapToLong(Target::await).sum();
    }

    private KafkaConsumer<byte[], byte[]> assigned(TopicPartition partition) {
        KafkaConsumer<byte[], byte[]> consumer = target.consumer(
                Map.of("group.id", target.named("commits-" + partition.partition()), "auto.offset.reset", "earliest"));
        consumer.assign(List.of(partition));
        consumer.commitSync(Map.of(partition, new OffsetAndMetadata(0)), Duration.ofSeconds(30));
        consumer.pause(List.of(partition));
        return consumer;
    }

    private long commitAhead(TopicPartition partition, int seconds) {
        try (KafkaConsumer<byte[], byte[]> consumer = assigned(partition)) {
            AtomicInteger underWay = new AtomicInteger();
            AtomicInteger done = new AtomicInteger();
            long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            for (long offset = 1; System.nanoTime() < endNs; ) {
                while (underWay.get() < UNDER_WAY) {
                    underWay.incrementAndGet();
                    consumer.commitAsync(Map.of(partition, new OffsetAndMetadata(offset++)), (offsets, failure) -> {
                        underWay.decrementAndGet();
                        if (failure != null) {
                            throw new IllegalStateException(failure);
                        }
                        done.incrementAndGet();
                    });
                }
                consumer.poll(CALLBACKS);
            }
            return done.get();
        }
    }

    private double[] waitedFor(int seconds) {
        TopicPartition partition = new TopicPartition(topic, 0);
        List<Double> micros = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = assigned(partition)) {
            long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            for (long offset = 1; System.nanoTime() < endNs; offset++) {
                long startNs = System.nanoTime();
                consumer.commitSync(Map.of(partition, new OffsetAndMetadata(offset)));
                micros.add(Target.msSince(startNs) * TimeUnit.MILLISECONDS.toMicros(1));
            }
        }
        return micros.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
