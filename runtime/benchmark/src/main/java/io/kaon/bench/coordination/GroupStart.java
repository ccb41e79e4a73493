// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench.coordination;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * {@code GroupStart HOST:PORT LABEL PROTOCOL [MEMBERS [HEARTBEAT_MS [TIMES]]]}: how long it takes from
 * {@code subscribe} until each member of a new group has its first record. All members subscribe at once, each over
 * its own connection and in its own thread; the slowest counts. The broker should have
 * {@code group.initial.rebalance.delay.ms=0}, or that is what is measured. In the classic protocol, members who do not
 * meet in one round of joining learn of the next by a heartbeat; in the other, its interval is the broker's
 * {@code group.consumer.heartbeat.interval.ms}.
 */
public final class GroupStart {
    private static final int PARTITIONS = 10;
    private static final int RECORDS_EACH = 100;
    private static final int WARM_UPS = 3;
    private static final int TIMES = 11;
    private static final int HEARTBEAT_MS = 500;
    private static final Duration POLL = Duration.ofMillis(50);
    private static final long LONGEST_MS = 60_000;

    private final Target target;
    private final String topic;
    private final String protocol;
    private final int heartbeatMs;

    private GroupStart(Target target, String protocol, int heartbeatMs) {
        this.target = target;
        this.topic = target.named("start");
        this.protocol = protocol;
        this.heartbeatMs = heartbeatMs;
    }

    public static void main(String[] arguments) {
        Target target = Target.of(arguments[0], arguments[1]);
        int members = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 1;
        int heartbeatMs = arguments.length > 4 ? Integer.parseInt(arguments[4]) : HEARTBEAT_MS;
        int times = arguments.length > 5 ? Integer.parseInt(arguments[5]) : TIMES;
        GroupStart bench = new GroupStart(target, arguments[2], heartbeatMs);
        target.createTopic(bench.topic, PARTITIONS);
        target.fill(bench.topic, PARTITIONS, RECORDS_EACH);
        double[] slowest = new double[times];
        for (int time = -WARM_UPS; time < times; time++) {
            double ms = bench.startGroup(target.named("start-" + (time + WARM_UPS)), members);
            if (time >= 0) {
                slowest[time] = ms;
            }
        }
        Figure.of(
                        target.label(),
                        "subscribe to first record, " + members + " members, " + bench.protocol + ": ms",
                        slowest)
                .print();
    }

    private double startGroup(String group, int members) {
        ExecutorService threads = Executors.newFixedThreadPool(members);
        try {
            CountDownLatch start = new CountDownLatch(1);
            CountDownLatch ready = new CountDownLatch(members);
            CountDownLatch end = new CountDownLatch(members);
            List<Future<Double>> all = new ArrayList<>();
            for (int member = 0; member < members; member++) {
                all.add(threads.submit(() -> firstRecord(group, ready, start, end)));
            }
            ready.await();
            start.countDown();
            double slowest = 0;
            for (Future<Double> each : all) {
                slowest = Math.max(slowest, Target.await(each));
            }
            return slowest;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        } finally {
            threads.shutdown();
        }
    }

    private Map<String, Object> settings(String group) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("group.id", group);
        settings.put("group.protocol", protocol);
        settings.put("auto.offset.reset", "earliest");
        if (protocol.equals("classic")) {
            settings.put("heartbeat.interval.ms", heartbeatMs);
        }
        return settings;
    }

    private double firstRecord(String group, CountDownLatch ready, CountDownLatch start, CountDownLatch end)
            throws InterruptedException {
        try (KafkaConsumer<byte[], byte[]> consumer = target.consumer(settings(group))) {
            ready.countDown();
            start.await();
            long startNs = System.nanoTime();
            consumer.subscribe(List.of(topic));
            while (consumer.poll(POLL).isEmpty()) {
                if (Target.msSince(startNs) > LONGEST_MS) {
                    throw new IllegalStateException("No record after " + LONGEST_MS + " ms");
                }
            }
            double ms = Target.msSince(startNs);
            end.countDown();
            // Goes on until all have theirs: who leaves starts a rebalance, who does not poll holds one up.
            while (end.getCount() > 0 && Target.msSince(startNs) < LONGEST_MS) {
                consumer.poll(POLL);
            }
            return ms;
        }
    }
}
