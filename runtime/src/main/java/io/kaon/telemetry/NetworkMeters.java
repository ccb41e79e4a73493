// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The listeners of a broker, and the event loops that serve their connections. Any thread. */
public final class NetworkMeters implements MetricSource {
    private static final Map<String, String> NO_TAGS = Map.of();

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Map<String, ListenerMeter> listeners = new ConcurrentHashMap<>();
    private final Set<Thread> eventLoops = ConcurrentHashMap.newKeySet();
    private final IdleShare idle = new IdleShare();

    /** The meter of a listener; to be kept by its connections. */
    public ListenerMeter of(String listener) {
        return listeners.computeIfAbsent(listener, ListenerMeter::new);
    }

    /** The calling thread serves connections. */
    public void onEventLoop() {
        eventLoops.add(Thread.currentThread());
    }

    @Override
    public void collect(Look look, Sink sink) {
        long now = look.nowNs();
        listeners.values().forEach(listener -> listener.collect(now, sink));
        eventLoops.removeIf(thread -> !thread.isAlive());
        if (threads.isThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled()) {
            long busy = 0;
            for (Thread loop : eventLoops) {
                busy += Math.max(0, threads.getThreadCpuTime(loop.getId()));
            }
            sink.accept(RequestMetrics.NETWORK_IDLE, NO_TAGS, idle.next(now, busy, eventLoops.size()));
        }
    }
}
