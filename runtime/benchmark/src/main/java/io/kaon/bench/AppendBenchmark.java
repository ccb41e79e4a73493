// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench;

import io.kaon.storage.AppendResult;
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
 * Nanoseconds per appended batch: CRC, each record's framing, offsets in place, the write to the page cache, indexes, the
 * new view. {@code -prof gc} adds the bytes allocated per append. Each iteration has a new log, so that what is written
 * stays below what the system writes back by force.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class AppendBenchmark {
    /** Size of a batch. */
    @Param({"1024", "16384", "1048576"})
    public int batchBytes;

    private ByteBuffer batch;
    private BenchLog log;

    @Setup(Level.Iteration)
    public void open() {
        batch = Batches.ofSize(batchBytes);
        log = new BenchLog(Scratch.make(), LogOptions.DEFAULT);
    }

    @TearDown(Level.Iteration)
    public void discard() {
        log.discard();
    }

    @Benchmark
    public AppendResult append() {
        return log.append(batch);
    }
}
