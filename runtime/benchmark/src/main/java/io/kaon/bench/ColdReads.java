// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * {@code ColdReads HOST:PORT [GIGABYTES [PER_SECOND [READERS]]]}: what a consumer that reads old records does to those who
 * produce. Works against any broker that speaks Kafka's protocol; wants Linux and root, to empty the page cache.
 *
 * <pre>
 *  fill a topic → empty the page cache → produce to another topic, paced
 *     first 15 s alone, then while readers read the whole first topic, then 15 s alone again
 * </pre>
 */
public final class ColdReads {
    private static final int FILL_BATCH_BYTES = 1_000_000;
    private static final int FILL_IN_FLIGHT = 5;
    /** What a paced producer sends at each tick: ten records of a kilobyte. */
    private static final int BATCH_BYTES = 10 * 1024;
    /** Kafka's default of max.partition.fetch.bytes. */
    private static final int FETCH_BYTES = 1 << 20;

    private static final int ALONE_SECONDS = 15;
    private static final int WARM_UP_SECONDS = 10;

    private final String address;
    private final String cold;
    private final String live;

    private ColdReads(String address) {
        long run = System.currentTimeMillis();
        this.address = address;
        this.cold = "cold-" + run;
        this.live = "live-" + run;
    }

    public static void main(String[] arguments) throws InterruptedException {
        double gigabytes = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 5;
        int perSecond = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 500;
        int readers = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 1;
        ColdReads bench = new ColdReads(arguments[0]);
        bench.fill((long) (gigabytes * 1e9));
        bench.measure(perSecond, readers);
    }

    private void fill(long bytes) {
        try (WireConnection connection = new WireConnection(address)) {
            connection.createTopic(cold, Map.of());
            connection.createTopic(live, Map.of());
            ByteBuffer batch = Batches.ofSize(FILL_BATCH_BYTES);
            long startNs = System.nanoTime();
            long batches = bytes / batch.remaining();
            for (long sent = 0; sent < batches + FILL_IN_FLIGHT; sent++) {
                if (sent >= FILL_IN_FLIGHT) {
                    connection.receiveProduce();
                }
                if (sent < batches) {
                    connection.sendProduce(cold, batch);
                }
            }
            report("filled", bytes, startNs);
        }
    }

    private void measure(int perSecond, int readers) throws InterruptedException {
        PacedProducer producer = new PacedProducer(address, live, BATCH_BYTES, perSecond);
        producer.runFor(WARM_UP_SECONDS);
        PageCache.empty();
        Latencies before = producer.runFor(ALONE_SECONDS);
        AtomicBoolean isRead = new AtomicBoolean();
        Thread reading = new Thread(() -> read(readers, isRead), "readers");
        reading.start();
        Latencies during = producer.run(isRead::get);
        reading.join();
        Latencies after = producer.runFor(ALONE_SECONDS);
        System.out.println("produces alone:       " + before.summary());
        System.out.println("while cold data read: " + during.summary());
        System.out.println("alone again:          " + after.summary());
        System.out.printf(
                Locale.ROOT,
                "p99 with / without: %.2f (before), %.2f (after)%n",
                during.micros(0.99) / before.micros(0.99),
                during.micros(0.99) / after.micros(0.99));
    }

    private void read(int readers, AtomicBoolean isRead) {
        Thread[] others = new Thread[readers - 1];
        for (int index = 0; index < others.length; index++) {
            others[index] = new Thread(this::readAll, "reader-" + index);
            others[index].start();
        }
        try {
            readAll();
            for (Thread other : others) {
                other.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            isRead.set(true);
        }
    }

    private void readAll() {
        long startNs = System.nanoTime();
        long bytes = 0;
        long offset = 0;
        try (WireConnection connection = new WireConnection(address)) {
            while (true) {
                WireConnection.Fetched fetched = connection.fetch(cold, offset, FETCH_BYTES);
                if (fetched.bytes() == 0) {
                    break;
                }
                bytes += fetched.bytes();
                offset = fetched.nextOffset();
            }
        }
        report("read", bytes, startNs);
    }

    private static void report(String what, long bytes, long startNs) {
        double seconds = (System.nanoTime() - startNs) / (double) TimeUnit.SECONDS.toNanos(1);
        System.out.printf(
                Locale.ROOT, "%s %.1f GB in %.1f s: %.0f MB/s%n", what, bytes / 1e9, seconds, bytes / 1e6 / seconds);
    }
}
