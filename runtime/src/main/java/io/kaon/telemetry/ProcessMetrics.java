// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

/** What JMX exporters tell of the process, where other meters of it have other names. */
public final class ProcessMetrics {
    public static final MetricName OPEN_FILES =
            MetricName.gauge("process.open.fds", "files", "Files that the process has open.");

    public static final MetricName MAX_FILES =
            MetricName.gauge("process.max.fds", "files", "Files that the process may have open.");

    public static final MetricName CPU_SECONDS =
            MetricName.counter("process.cpu.seconds", "s", "Processor time of the process.");

    public static final MetricName RESIDENT_MEMORY = MetricName.gauge(
            "process.resident.memory.bytes", "bytes", "Memory of the process that is in RAM; Linux only.");

    public static final MetricName MEMORY_USED = MetricName.gauge(
                    "jvm.memory.bytes.used", "bytes", "Memory that the JVM uses.")
            .by("area");

    public static final MetricName MEMORY_COMMITTED = MetricName.gauge(
                    "jvm.memory.bytes.committed", "bytes", "Memory that the JVM has of the system.")
            .by("area");

    public static final MetricName MEMORY_MAX = MetricName.gauge(
                    "jvm.memory.bytes.max", "bytes", "Memory that the JVM may use; -1 without a bound.")
            .by("area");

    public static final MetricName THREADS = MetricName.gauge("jvm.threads.current", "threads", "Threads of the JVM.");

    public static final MetricName GC_COUNT = MetricName.gauge(
                    "jvm.gc.collection.seconds.count", "collections", "Collections of garbage.")
            .by("gc");

    public static final MetricName GC_SECONDS = MetricName.gauge(
                    "jvm.gc.collection.seconds.sum", "s", "Time that collections of garbage took.")
            .by("gc");

    private ProcessMetrics() {}
}
