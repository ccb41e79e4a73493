// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench;

import io.kaon.record.FileSlice;
import io.kaon.storage.LogOptions;
import io.kaon.storage.LogView;
import io.kaon.storage.ReadResult;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Milliseconds to read a log of 1 GB from its start in regions as fetches do: from the page cache, or from the disk.
 * {@code touch} is what a cold region gets before it is sent, {@code copy} what in-JVM consumers get.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class ScanBenchmark {
    private static final long BYTES = 1_000_000_000;
    private static final int BATCH_BYTES = 16 * 1024;
    private static final int REGION_BYTES = 1 << 20;

    /** Where the bytes are when the scan begins. */
    @Param({"page cache", "disk"})
    public String from;

    private BenchLog log;
    private ByteBuffer batch;

    @Setup
    public void fill() {
        log = new BenchLog(Scratch.make(), LogOptions.DEFAULT);
        batch = Batches.ofSize(BATCH_BYTES);
        for (long bytes = 0; bytes < BYTES; bytes += batch.remaining()) {
            log.append(batch);
        }
    }

    @Setup(Level.Iteration)
    public void forget() {
        if (from.equals("disk")) {
            PageCache.empty();
        }
    }

    @TearDown
    public void discard() {
        log.discard();
    }

    @Benchmark
    public long touch() {
        return scan(FileSlice::touch);
    }

    @Benchmark
    public long copy() {
        return scan(FileSlice::toBuffer);
    }

    private interface Use {
        void of(FileSlice slice);
    }

    private long scan(Use use) {
        LogView view = log.log().view();
        long bytes = 0;
        long offset = 0;
        while (offset < view.highWatermark()) {
            ReadResult.Region region = (ReadResult.Region) view.read(offset, view.highWatermark(), REGION_BYTES, true);
            FileSlice slice = region.slice();
            use.of(slice);
            bytes += slice.sizeInBytes();
            offset += (long) slice.sizeInBytes() / batch.remaining() * Batches.count(batch);
            slice.release();
        }
        return bytes;
    }
}
