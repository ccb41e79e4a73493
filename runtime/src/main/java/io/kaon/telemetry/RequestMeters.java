// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/** The meters of all apis, made when the first request comes. Any thread. */
public final class RequestMeters implements MetricSource {
    /** More than there are api keys. */
    private static final int MAX_APIS = 128;

    private static final String FETCH = "Fetch";
    /** Dashboards tell fetches of consumers and of followers apart; ours are all of consumers. */
    private static final String FETCH_OF_CONSUMERS = "FetchConsumer";

    private final AtomicReferenceArray<ApiMeter> apis = new AtomicReferenceArray<>(MAX_APIS);
    private final Map<String, ApiReading> readings = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    /** @param nanos the clock by which requests are timed */
    public RequestMeters(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** The time now, in ns. */
    public long now() {
        return nanos.getAsLong();
    }

    /**
     * The meter of an api.
     *
     * @param id of the api
     * @param title what dashboards call it
     */
    public ApiMeter of(int id, String title) {
        ApiMeter known = apis.getPlain(id);
        if (known != null) {
            return known;
        }
        ApiMeter made = new ApiMeter(title);
        return apis.compareAndSet(id, null, made) ? made : apis.get(id);
    }

    @Override
    public void collect(Look look, Sink sink) {
        Map<String, ApiMeter> used = new TreeMap<>();
        for (int id = 0; id < MAX_APIS; id++) {
            ApiMeter meter = apis.get(id);
            if (meter != null) {
                used.put(meter.title(), meter);
            }
        }
        if (used.containsKey(FETCH)) {
            used.put(FETCH_OF_CONSUMERS, used.get(FETCH));
        }
        used.forEach((title, meter) -> readings.computeIfAbsent(title, name -> new ApiReading(name, meter))
                .collect(look.nowNs(), sink));
    }
}
