// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.telemetry.BrokerMetrics;
import io.kaon.telemetry.Histogram;
import io.kaon.telemetry.MetricSource;
import io.kaon.telemetry.RecentQuantiles;
import java.util.Map;

/** How long the syncs of a data directory's logs take. */
final class FlushMeter implements MetricSource {
    private final Histogram histogram = new Histogram();
    private final RecentQuantiles recent =
            new RecentQuantiles(histogram, BrokerMetrics.FLUSH_TIME, BrokerMetrics.FLUSHES, Map.of());

    Histogram histogram() {
        return histogram;
    }

    @Override
    public void collect(Look look, Sink sink) {
        recent.collect(look.nowNs(), sink);
    }
}
