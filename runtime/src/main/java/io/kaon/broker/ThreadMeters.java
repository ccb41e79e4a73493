// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.telemetry.IdleShare;
import io.kaon.telemetry.MetricSource;
import io.kaon.telemetry.RequestMetrics;
import java.util.Map;

/** How much of the time a broker's own threads have nothing to do. Of the thread that reads metrics. */
final class ThreadMeters implements MetricSource {
    private final Threads threads;
    private final IdleShare idle = new IdleShare();

    ThreadMeters(Threads threads) {
        this.threads = threads;
    }

    @Override
    public void collect(Look look, Sink sink) {
        long busyNs = threads.workers().busyNs() + threads.disk().busyNs();
        int count = threads.workers().threads() + threads.disk().threads();
        sink.accept(RequestMetrics.HANDLER_IDLE, Map.of(), idle.next(look.nowNs(), busyNs, count));
    }
}
