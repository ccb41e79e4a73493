// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a reader of metrics makes of one api's meter. Of the thread that reads metrics. */
final class ApiReading {
    private static final String REQUEST = "request";

    private final String title;
    private final ApiMeter meter;
    private final List<RecentQuantiles> times;
    private final Map<Integer, Map<String, String>> versions = new HashMap<>();

    ApiReading(String title, ApiMeter meter) {
        this.title = title;
        this.meter = meter;
        this.times = List.of(
                of(meter.total(), RequestMetrics.TOTAL_TIME, RequestMetrics.TOTAL_TIME_COUNT),
                of(meter.queue(), RequestMetrics.QUEUE_TIME, RequestMetrics.QUEUE_TIME_COUNT),
                of(meter.local(), RequestMetrics.LOCAL_TIME, RequestMetrics.LOCAL_TIME_COUNT),
                of(meter.remote(), RequestMetrics.REMOTE_TIME, RequestMetrics.REMOTE_TIME_COUNT),
                of(meter.responseQueue(), RequestMetrics.RESPONSE_QUEUE_TIME, RequestMetrics.RESPONSE_QUEUE_TIME_COUNT),
                of(meter.send(), RequestMetrics.SEND_TIME, RequestMetrics.SEND_TIME_COUNT));
    }

    private RecentQuantiles of(Histogram histogram, MetricName name, MetricName countName) {
        return new RecentQuantiles(histogram, name, countName, Map.of(REQUEST, title));
    }

    void collect(long nowNs, MetricSource.Sink sink) {
        for (int version = 0; version <= ApiMeter.MAX_VERSION; version++) {
            long count = meter.answered(version);
            if (count > 0) {
                Map<String, String> tags = versions.computeIfAbsent(
                        version, number -> Map.of(REQUEST, title, "version", Integer.toString(number)));
                sink.accept(RequestMetrics.REQUESTS, tags, count);
            }
        }
        meter.errors()
                .forEach((error, count) ->
                        sink.accept(RequestMetrics.ERRORS, Map.of(REQUEST, title, "error", error), count.value()));
        times.forEach(time -> time.collect(nowNs, sink));
    }
}
