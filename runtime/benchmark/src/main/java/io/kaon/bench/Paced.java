// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Appends batches to a log at a steady rate and notes how long each append takes by itself. Choose a rate below what the
 * disk writes back, because beyond that the system makes every writer wait. One thread, the log's.
 */
final class Paced {
    private static final int BATCH_BYTES = 16 * 1024;

    private final BenchLog log;
    private final ByteBuffer batch = Batches.ofSize(BATCH_BYTES);
    private final long intervalNs;
    private final int segmentBytes;
    private Latencies rolled = new Latencies();
    private int inSegment;

    /** @param segmentBytes {@code segment.bytes} of the log, which is new */
    Paced(BenchLog log, int segmentBytes, int megabytesPerSecond) {
        this.log = log;
        this.segmentBytes = segmentBytes;
        this.intervalNs = TimeUnit.SECONDS.toNanos(1) * batch.remaining() / (megabytesPerSecond * 1_000_000L);
    }

    /** Those of the last run that began a new segment. */
    Latencies rolled() {
        return rolled;
    }

    void runFor(int seconds, Latencies latencies) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        run(latencies, () -> System.nanoTime() >= end);
    }

    void run(Latencies latencies, BooleanSupplier isOver) {
        rolled = new Latencies();
        long next = System.nanoTime();
        while (!isOver.getAsBoolean()) {
            while (System.nanoTime() < next) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
            latencies.add(appendOne());
            next += intervalNs;
        }
    }

    /** How long an append took, in nanoseconds. */
    private long appendOne() {
        boolean rolls = inSegment + batch.remaining() > segmentBytes;
        inSegment = batch.remaining() + (rolls ? 0 : inSegment);
        long startNs = System.nanoTime();
        log.append(batch);
        long tookNs = System.nanoTime() - startNs;
        if (rolls) {
            rolled.add(tookNs);
        }
        return tookNs;
    }
}
