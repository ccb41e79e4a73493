// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The process and its JVM. What the platform does not tell is left out. Any thread. */
public final class ProcessMeters implements MetricSource {
    private static final Map<String, String> NO_TAGS = Map.of();
    private static final Map<String, String> HEAP = Map.of("area", "heap");
    private static final Map<String, String> OFF_HEAP = Map.of("area", "nonheap");
    private static final Path MEMORY = Path.of("/proc/self/statm");
    private static final Path DISK = Path.of("/proc/self/io");
    private static final int RESIDENT_FIELD = 1;
    private static final long PAGE_BYTES = 4096;
    private static final double NS_PER_S = 1e9;
    private static final double MS_PER_S = 1e3;

    @Override
    public void collect(Look look, Sink sink) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            sink.accept(ProcessMetrics.OPEN_FILES, NO_TAGS, system.getOpenFileDescriptorCount());
            sink.accept(ProcessMetrics.MAX_FILES, NO_TAGS, system.getMaxFileDescriptorCount());
            sink.accept(ProcessMetrics.CPU_SECONDS, NO_TAGS, system.getProcessCpuTime() / NS_PER_S);
        }
        sink.accept(
                ProcessMetrics.THREADS,
                NO_TAGS,
                ManagementFactory.getThreadMXBean().getThreadCount());
        collect(sink, HEAP, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage());
        collect(sink, OFF_HEAP, ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage());
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            Map<String, String> tags = Map.of("gc", collector.getName());
            sink.accept(ProcessMetrics.GC_COUNT, tags, collector.getCollectionCount());
            sink.accept(ProcessMetrics.GC_SECONDS, tags, collector.getCollectionTime() / MS_PER_S);
        }
        collectFromProc(sink);
    }

    private static void collect(Sink sink, Map<String, String> area, MemoryUsage usage) {
        sink.accept(ProcessMetrics.MEMORY_USED, area, usage.getUsed());
        sink.accept(ProcessMetrics.MEMORY_COMMITTED, area, usage.getCommitted());
        sink.accept(ProcessMetrics.MEMORY_MAX, area, usage.getMax());
    }

    /** These files are views of the kernel's memory: reading them does not block. */
    private static void collectFromProc(Sink sink) {
        for (String line : lines(DISK)) {
            String[] field = line.split(": ");
            if (field[0].equals("read_bytes")) {
                sink.accept(RequestMetrics.DISK_READ, NO_TAGS, Long.parseLong(field[1]));
            } else if (field[0].equals("write_bytes")) {
                sink.accept(RequestMetrics.DISK_WRITE, NO_TAGS, Long.parseLong(field[1]));
            }
        }
        for (String line : lines(MEMORY)) {
            long pages = Long.parseLong(line.split(" ")[RESIDENT_FIELD]);
            sink.accept(ProcessMetrics.RESIDENT_MEMORY, NO_TAGS, pages * PAGE_BYTES);
        }
    }

    private static List<String> lines(Path file) {
        if (!Files.isReadable(file)) {
            return List.of();
        }
        try {
            return Files.readAllLines(file);
        } catch (IOException notForUs) {
            return List.of(); // A container may forbid it; the others still have their values.
        }
    }
}
