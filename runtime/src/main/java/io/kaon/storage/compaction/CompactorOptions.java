// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.compaction;

import static io.kaon.common.Checks.require;

/**
 * How much a broker spends on compaction: the {@code log.cleaner.} settings. Immutable; a change is a new one.
 *
 * @param isEnabled {@code log.cleaner.enable}
 * @param threads {@code log.cleaner.threads}: logs that are compacted at once
 * @param dedupeBufferBytes {@code log.cleaner.dedupe.buffer.size}: for the key maps of all threads together
 * @param loadFactor {@code log.cleaner.io.buffer.load.factor}: how full a key map may become
 * @param ioBufferBytes {@code log.cleaner.io.buffer.size}: for reading and writing, all threads together; a batch that is
 *     larger gets a buffer of its size
 * @param maxBytesPerSecond {@code log.cleaner.io.max.bytes.per.second}: read and written, all threads together
 * @param backoffMs {@code log.cleaner.backoff.ms}: between two looks when nothing was due
 */
public record CompactorOptions(
        boolean isEnabled,
        int threads,
        long dedupeBufferBytes,
        double loadFactor,
        int ioBufferBytes,
        double maxBytesPerSecond,
        long backoffMs) {
    /** Kafka's defaults: one thread, 128 MiB of keys, 512 KiB to read and write, no limit, 15 seconds. */
    public static final CompactorOptions DEFAULT =
            new CompactorOptions(true, 1, 128L << 20, 0.9, 512 << 10, Double.MAX_VALUE, 15_000);

    /** More rounds at once than a machine has use for. */
    public static final int MAX_THREADS = 16;

    private static final int MIN_IO_BYTES = 4096;

    public CompactorOptions {
        require(threads >= 0, "log.cleaner.threads must be at least 0, was %s", threads);
        require(
                loadFactor > 0 && loadFactor <= 1,
                "log.cleaner.io.buffer.load.factor must be above 0 and at most 1, was %s",
                loadFactor);
        require(
                maxBytesPerSecond > 0,
                "log.cleaner.io.max.bytes.per.second must be above 0, was %s",
                maxBytesPerSecond);
        require(backoffMs >= 0, "log.cleaner.backoff.ms must be at least 0, was %s", backoffMs);
    }

    /** Rounds that run at once. */
    public int rounds() {
        return isEnabled ? Math.min(threads, MAX_THREADS) : 0;
    }

    /** What one round's key map may take, in bytes. */
    public long mapBytes() {
        return Math.max(OffsetMap.MIN_BYTES, dedupeBufferBytes / Math.max(1, rounds()));
    }

    /** What one round reads at once, and gathers before it writes, in bytes. */
    public int bufferBytes() {
        return Math.max(MIN_IO_BYTES, ioBufferBytes / Math.max(1, rounds()) / 2);
    }
}
