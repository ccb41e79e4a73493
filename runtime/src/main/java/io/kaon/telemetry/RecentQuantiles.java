// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

import java.util.HashMap;
import java.util.Map;

/**
 * What a histogram says of the last one to two minutes, under the quantiles that Kafka's exporters have, and the count
 * since the start. Of the thread that reads metrics.
 */
public final class RecentQuantiles {
    private static final long WINDOW_NS = 60_000_000_000L;
    private static final String QUANTILE = "quantile";
    /** As the exporter's rules write them: {@code 0.} before the digits of the percentile. */
    private static final Map<String, Double> QUANTILES =
            Map.of("0.50", 0.5, "0.75", 0.75, "0.95", 0.95, "0.98", 0.98, "0.99", 0.99, "0.999", 0.999);

    private final Histogram histogram;
    private final MetricName name;
    private final MetricName countName;
    private final Map<String, String> tags;
    private final Map<String, Map<String, String>> tagsOfQuantiles;
    private long[] before = new long[0];
    private long[] last = new long[0];
    private long lastNs;

    /**
     * @param name of the quantiles
     * @param countName of the count
     * @param tags beside the quantile
     */
    public RecentQuantiles(Histogram histogram, MetricName name, MetricName countName, Map<String, String> tags) {
        this.histogram = histogram;
        this.name = name;
        this.countName = countName;
        this.tags = tags;
        this.tagsOfQuantiles = new HashMap<>();
        QUANTILES.keySet().forEach(quantile -> tagsOfQuantiles.put(quantile, with(tags, quantile)));
    }

    private static Map<String, String> with(Map<String, String> tags, String quantile) {
        Map<String, String> all = new HashMap<>(tags);
        all.put(QUANTILE, quantile);
        return Map.copyOf(all);
    }

    /** Tells all; quantiles are not a number where nothing happened lately. */
    public void collect(long nowNs, MetricSource.Sink sink) {
        long[] now = histogram.counts();
        if (last.length == 0) {
            before = new long[now.length];
            last = new long[now.length];
            lastNs = nowNs;
        } else if (nowNs - lastNs >= WINDOW_NS) {
            before = last;
            last = now;
            lastNs = nowNs;
        }
        long total = 0;
        long recent = 0;
        for (int bucket = 0; bucket < now.length; bucket++) {
            total += now[bucket];
            recent += now[bucket] - before[bucket];
        }
        sink.accept(countName, tags, total);
        for (Map.Entry<String, Double> quantile : QUANTILES.entrySet()) {
            double value = recent <= 0 ? Double.NaN : valueAt(now, (long) Math.ceil(quantile.getValue() * recent));
            sink.accept(name, tagsOfQuantiles.get(quantile.getKey()), value);
        }
    }

    private double valueAt(long[] now, long rank) {
        long seen = 0;
        for (int bucket = 0; bucket < now.length; bucket++) {
            seen += now[bucket] - before[bucket];
            if (seen >= rank) {
                return Histogram.middleMs(bucket);
            }
        }
        return Double.NaN;
    }
}
