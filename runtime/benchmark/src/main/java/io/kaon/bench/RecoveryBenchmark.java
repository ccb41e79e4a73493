// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench;

import io.kaon.storage.LogOptions;
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
 * Milliseconds to open a log of 1 GB after an end that was not clean, with no recovery point: every batch is read and
 * checked, and the indexes are built again. The page cache has the files, as after kill -9; {@code -p from=disk} empties
 * it, as after a loss of power.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class RecoveryBenchmark {
    private static final long BYTES = 1_000_000_000;

    /** Size of a batch. */
    @Param({"1024", "16384", "1048576"})
    public int batchBytes;

    /** Where the bytes are. */
    @Param("page cache")
    public String from;

    private Scratch scratch;
    private BenchLog log;

    @Setup
    public void fill() {
        scratch = Scratch.make();
        log = new BenchLog(scratch, LogOptions.DEFAULT);
        ByteBuffer batch = Batches.ofSize(batchBytes);
        for (long bytes = 0; bytes < BYTES; bytes += batch.remaining()) {
            log.append(batch);
        }
        log.close();
    }

    @Setup(Level.Iteration)
    public void crash() {
        scratch.forgetCleanEnd();
        if (from.equals("disk")) {
            PageCache.empty();
        }
    }

    @Benchmark
    public long recover() {
        log = new BenchLog(scratch, LogOptions.DEFAULT);
        return log.log().view().logEndOffset();
    }

    @TearDown(Level.Iteration)
    public void close() {
        log.close();
    }

    @TearDown
    public void discard() {
        scratch.close();
    }
}
