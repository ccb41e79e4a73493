// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench;

import io.kaon.record.RecordBatchBuilder;
import io.kaon.storage.LogOptions;
import io.kaon.storage.RetentionOptions;
import io.kaon.storage.SegmentOptions;
import io.kaon.storage.compaction.CompactorOptions;
import io.kaon.telemetry.MetricCatalogue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * {@code CompactionRun [GIGABYTES [VALUE_BYTES [KEYS]]]}: how fast a log of random keys is compacted, and how long appends to
 * another log take meanwhile. Unthrottled, one thread, Kafka's defaults of the buffers.
 */
public final class CompactionRun {
    private static final int SEGMENT_BYTES = 100 << 20;
    private static final int BATCH_BYTES = 16 * 1024;
    private static final int LIVE_MEGABYTES_PER_SECOND = 20;
    private static final int ALONE_SECONDS = 5;
    private static final long BACKOFF_MS = 50;
    private static final int RECORD_OVERHEAD_BYTES = 32;

    private final long bytes;
    private final int valueBytes;
    private final int keys;
    private final Random random = new Random(20261122);

    private CompactionRun(long bytes, int valueBytes, int keys) {
        this.bytes = bytes;
        this.valueBytes = valueBytes;
        this.keys = keys;
    }

    public static void main(String[] arguments) {
        double gigabytes = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 1;
        int valueBytes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : Batches.VALUE_BYTES;
        int keys = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 200_000;
        new CompactionRun((long) (gigabytes * 1e9), valueBytes, keys).run();
    }

    private void run() {
        BenchLog log = new BenchLog(Scratch.make(), options());
        BenchLog live = new BenchLog(Scratch.make(), LogOptions.DEFAULT);
        try {
            fill(log);
            long before = log.log().sizeInBytes();
            Paced paced = new Paced(live, SegmentOptions.DEFAULT.segmentBytes(), LIVE_MEGABYTES_PER_SECOND);
            paced.runFor(ALONE_SECONDS, new Latencies());
            Latencies alone = new Latencies();
            paced.runFor(ALONE_SECONDS, alone);
            long startNs = System.nanoTime();
            CompactorOptions defaults = CompactorOptions.DEFAULT;
            log.compact(new CompactorOptions(
                    true,
                    defaults.threads(),
                    defaults.dedupeBufferBytes(),
                    defaults.loadFactor(),
                    defaults.ioBufferBytes(),
                    defaults.maxBytesPerSecond(),
                    BACKOFF_MS));
            Latencies during = new Latencies();
            paced.run(
                    during,
                    () -> log.metrics()
                                    .counter(MetricCatalogue.COMPACTION_ROUNDS)
                                    .value()
                            > 0);
            report(log, before, System.nanoTime() - startNs);
            System.out.println("appends to another log alone:  " + alone.summary());
            System.out.println("appends during the compaction: " + during.summary());
        } finally {
            log.discard();
            live.discard();
        }
    }

    private static void report(BenchLog log, long before, long tookNs) {
        double seconds = tookNs / (double) TimeUnit.SECONDS.toNanos(1);
        double read =
                log.metrics().counter(MetricCatalogue.COMPACTION_BYTES_READ).value() / 1e6;
        double written =
                log.metrics().counter(MetricCatalogue.COMPACTION_BYTES_WRITTEN).value() / 1e6;
        System.out.printf(
                Locale.ROOT,
                "%.0f MB became %.0f MB in %.2f s: %.0f MB/s of log (read %.0f MB, written %.0f MB)%n",
                before / 1e6,
                log.log().sizeInBytes() / 1e6,
                seconds,
                before / 1e6 / seconds,
                read,
                written);
    }

    private static LogOptions options() {
        SegmentOptions segments = new SegmentOptions(
                SEGMENT_BYTES,
                SegmentOptions.DEFAULT.segmentMs(),
                SegmentOptions.DEFAULT.segmentIndexBytes(),
                SegmentOptions.DEFAULT.indexIntervalBytes());
        return LogOptions.DEFAULT.withSegments(segments).withRetention(new RetentionOptions(false, true, -1, -1, 0));
    }

    private void fill(BenchLog log) {
        long written = 0;
        while (written < bytes) {
            ByteBuffer batch = batch();
            written += batch.remaining();
            log.append(batch);
        }
        BenchLog.join(log.log().flush());
    }

    private ByteBuffer batch() {
        byte[] value = new byte[valueBytes];
        RecordBatchBuilder builder = RecordBatchBuilder.uncompressed();
        do {
            byte[] key = ("key-" + random.nextInt(keys)).getBytes(StandardCharsets.UTF_8);
            builder.append(System.currentTimeMillis(), key, value);
        } while (builder.estimatedSizeInBytes() + valueBytes + RECORD_OVERHEAD_BYTES <= BATCH_BYTES);
        return Batches.direct(builder.build());
    }
}
