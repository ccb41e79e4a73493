// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code FsyncProduces HOST:PORT [KEY=VALUE [WAITERS…]]}: acks=all produces of one record per second, and how long one takes,
 * on a topic with that setting ({@code kaon.durability=fsync}; {@code flush.messages=1} for Kafka), by so many clients each of
 * which waits for its answer before it sends the next.
 */
public final class FsyncProduces {
    private static final int SECONDS = 8;
    private static final int WARM_UP_SECONDS = 3;
    private static final int BATCH_BYTES = 1024;
    private static final List<Integer> WAITERS = List.of(1, 16, 64);

    private final String address;
    private final String topic;

    private FsyncProduces(String address, String topic) {
        this.address = address;
        this.topic = topic;
    }

    public static void main(String[] arguments) throws InterruptedException {
        String setting = arguments.length > 1 ? arguments[1] : "kaon.durability=fsync";
        String topic = "fsync-" + System.currentTimeMillis();
        String[] keyAndValue = setting.split("=", 2);
        try (WireConnection connection = new WireConnection(arguments[0])) {
            connection.createTopic(topic, Map.of(keyAndValue[0], keyAndValue[1]));
        }
        List<Integer> waiters = arguments.length > 2
                ? Arrays.stream(arguments).skip(2).map(Integer::valueOf).toList()
                : WAITERS;
        FsyncProduces bench = new FsyncProduces(arguments[0], topic);
        for (int count : waiters) {
            bench.run(count, WARM_UP_SECONDS);
            Latencies latencies = bench.run(count, SECONDS);
            System.out.printf(
                    Locale.ROOT,
                    "%s, %d waiters: %.0f produces/s, %s%n",
                    setting,
                    count,
                    latencies.count() / (double) SECONDS,
                    latencies.summary());
        }
    }

    private Latencies run(int clients, int seconds) throws InterruptedException {
        Latencies[] each = new Latencies[clients];
        Thread[] threads = new Thread[clients];
        for (int index = 0; index < clients; index++) {
            Latencies own = new Latencies();
            each[index] = own;
            threads[index] = new Thread(() -> produce(own, seconds), "client-" + index);
            threads[index].start();
        }
        Latencies all = new Latencies();
        for (int index = 0; index < clients; index++) {
            threads[index].join();
            all.addAll(each[index]);
        }
        return all;
    }

    private void produce(Latencies latencies, int seconds) {
        ByteBuffer batch = Batches.ofSize(BATCH_BYTES);
        try (WireConnection connection = new WireConnection(address)) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            for (long now = System.nanoTime(); now < end; ) {
                connection.sendProduce(topic, batch);
                connection.receiveProduce();
                long answered = System.nanoTime();
                latencies.add(answered - now);
                now = answered;
            }
        }
    }
}
