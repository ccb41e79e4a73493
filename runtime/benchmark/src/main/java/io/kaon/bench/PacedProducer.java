// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench;

import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Produces one batch at each tick, whether the answers come or not, and notes how long after its tick each was
 * acknowledged: what a slow moment does to everybody who came meanwhile is in the figures. Two threads: ticks and answers.
 */
final class PacedProducer {
    private static final Long END = Long.MIN_VALUE;

    private final String address;
    private final String topic;
    private final int batchBytes;
    private final int perSecond;
    private final BlockingQueue<Long> ticks = new LinkedBlockingQueue<>();

    PacedProducer(String address, String topic, int batchBytes, int perSecond) {
        this.address = address;
        this.topic = topic;
        this.batchBytes = batchBytes;
        this.perSecond = perSecond;
    }

    /** Whether to go on. */
    interface Until {
        boolean isReached();
    }

    /** Runs for so long. */
    Latencies runFor(int seconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        return run(() -> System.nanoTime() >= end);
    }

    /** Runs until something has happened. */
    Latencies run(Until until) throws InterruptedException {
        Latencies latencies = new Latencies();
        try (WireConnection connection = new WireConnection(address)) {
            Thread answers = new Thread(() -> receive(connection, latencies), "answers");
            answers.start();
            ByteBuffer batch = Batches.ofSize(batchBytes);
            long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
            long next = System.nanoTime();
            while (!until.isReached()) {
                while (System.nanoTime() < next) {
                    LockSupport.parkNanos(next - System.nanoTime());
                }
                ticks.add(next);
                connection.sendProduce(topic, batch);
                next += interval;
            }
            ticks.add(END);
            answers.join();
        }
        return latencies;
    }

    private void receive(WireConnection connection, Latencies latencies) {
        try {
            for (Long tick = ticks.take(); !tick.equals(END); tick = ticks.take()) {
                connection.receiveProduce();
                latencies.add(System.nanoTime() - tick);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
