// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

import java.util.Map;

/** The connections of one listener. Counting is for any thread. */
public final class ListenerMeter {
    private static final double NS_PER_S = 1e9;
    /** A rate of a shorter time would only flicker. */
    private static final long MIN_WINDOW_NS = 1_000_000_000L;

    private final Map<String, String> tags;
    private final Counter opened = new Counter();
    private final Counter closed = new Counter();
    private final Counter bytesIn = new Counter();
    private final Counter bytesOut = new Counter();
    private long openedBefore;
    private long closedBefore;
    private long beforeNs;
    private boolean wasLookedAt;
    private double openedRate;
    private double closedRate;

    ListenerMeter(String listener) {
        this.tags = Map.of("listener", listener);
    }

    public void opened() {
        opened.increment();
    }

    public void closed() {
        closed.increment();
    }

    public void received(long bytes) {
        bytesIn.add(bytes);
    }

    public void sent(long bytes) {
        bytesOut.add(bytes);
    }

    void collect(long nowNs, MetricSource.Sink sink) {
        long closings = closed.value();
        long openings = opened.value();
        long window = nowNs - beforeNs;
        if (!wasLookedAt || window >= MIN_WINDOW_NS) {
            openedRate = wasLookedAt ? (openings - openedBefore) * NS_PER_S / window : 0;
            closedRate = wasLookedAt ? (closings - closedBefore) * NS_PER_S / window : 0;
            wasLookedAt = true;
            openedBefore = openings;
            closedBefore = closings;
            beforeNs = nowNs;
        }
        sink.accept(RequestMetrics.CONNECTIONS, tags, Math.max(0, openings - closings));
        sink.accept(RequestMetrics.CONNECTIONS_OPENED, tags, openings);
        sink.accept(RequestMetrics.CONNECTIONS_CLOSED, tags, closings);
        sink.accept(RequestMetrics.CONNECTION_CREATION_RATE, tags, openedRate);
        sink.accept(RequestMetrics.CONNECTION_CLOSE_RATE, tags, closedRate);
        sink.accept(RequestMetrics.INCOMING_BYTES, tags, bytesIn.value());
        sink.accept(RequestMetrics.OUTGOING_BYTES, tags, bytesOut.value());
    }
}
