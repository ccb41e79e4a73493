// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench;

import io.kaon.telemetry.ApiMeter;
import io.kaon.telemetry.RequestMeters;
import io.kaon.telemetry.TopicMeter;
import io.kaon.telemetry.TopicMeters;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds that metrics add to a batch and to a request, with one event loop and with two that count into the same
 * meters. {@code -prof gc} shows that nothing is allocated.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MetersBenchmark {
    private static final int API = 0;
    private static final short VERSION = 13;

    private final TopicMeter topic = new TopicMeters().of("orders");
    private final RequestMeters requests = new RequestMeters(System::nanoTime);

    /** What an append of a batch adds: the partition was produced to, records and bytes. */
    @Benchmark
    public void batch() {
        topic.produce();
        topic.appended(10, 1024);
    }

    @Benchmark
    @Threads(2)
    public void batchOnTwoThreads() {
        batch();
    }

    /** What a request adds: three looks at the clock that were not there without metrics, six times and a count. */
    @Benchmark
    public void request() {
        long started = requests.now();
        long handled = requests.now();
        long replied = requests.now();
        ApiMeter meter = requests.of(API, "Produce");
        meter.answered(VERSION);
        meter.queue().record(0);
        meter.local().record(handled - started);
        meter.remote().record(replied - handled);
        meter.responseQueue().record(0);
        meter.send().record(replied - started);
        meter.total().record(replied - started);
    }

    @Benchmark
    @Threads(2)
    public void requestOnTwoThreads() {
        request();
    }
}
