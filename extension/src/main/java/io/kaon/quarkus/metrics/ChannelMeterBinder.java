// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.metrics;

import io.kaon.quarkus.connector.metering.ChannelMeter;
import io.kaon.quarkus.connector.metering.ChannelMeters;
import io.kaon.quarkus.connector.metering.ChannelMetric;
import io.kaon.quarkus.connector.metering.ChannelMetric.Kind;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Shows the meters of channels in Micrometer, from the opening of a channel to its end. A bean only in applications
 * that have Micrometer, and the only class that knows it.
 */
@Singleton
public class ChannelMeterBinder implements ChannelMeters.Listener {
    /** The tag with the name of the channel, on every meter. */
    static final String CHANNEL = "channel";
    /** How often partitions are looked at; between that, a partition that is new has no meter of its own yet. */
    private static final Duration LAG_PERIOD = Duration.ofSeconds(2);

    private final MeterRegistry registry;
    private final Map<ChannelMeter, List<Meter>> bound = new HashMap<>();
    private final Map<ChannelMeter, PartitionLag> lags = new ConcurrentHashMap<>();
    private Optional<ScheduledExecutorService> timer = Optional.empty();

    @Inject
    ChannelMeterBinder(MeterRegistry registry) {
        this.registry = registry;
    }

    @PreDestroy
    synchronized void close() {
        timer.ifPresent(ScheduledExecutorService::shutdownNow);
    }

    @Override
    public synchronized void opened(ChannelMeter meter) {
        Tags tags = Tags.of(CHANNEL, meter.channel());
        List<Meter> meters = new ArrayList<>();
        for (ChannelMetric metric : ChannelMetric.values()) {
            if (metric.direction() != meter.direction()) {
                continue;
            }
            if (metric == ChannelMetric.LAG) {
                lags.put(meter, new PartitionLag(registry, meter));
                startLooking();
            } else {
                meters.add(metric.kind() == Kind.COUNTER ? counter(metric, meter, tags) : gauge(metric, meter, tags));
            }
        }
        bound.put(meter, meters);
    }

    @Override
    public synchronized void closed(ChannelMeter meter) {
        bound.getOrDefault(meter, List.of()).forEach(registry::remove);
        bound.remove(meter);
        PartitionLag lag = lags.remove(meter);
        if (lag != null) {
            lag.close();
        }
    }

    /** With the first channel that has partitions. */
    private void startLooking() {
        if (timer.isPresent()) {
            return;
        }
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "kaon-channel-lag");
            thread.setDaemon(true);
            return thread;
        });
        executor.scheduleWithFixedDelay(
                this::lookAtPartitions, LAG_PERIOD.toMillis(), LAG_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        timer = Optional.of(executor);
    }

    private void lookAtPartitions() {
        lags.values().forEach(PartitionLag::refresh);
    }

    private Meter counter(ChannelMetric metric, ChannelMeter meter, Tags tags) {
        return FunctionCounter.builder(metric.metricName(), meter, metric::of)
                .description(metric.description())
                .tags(tags)
                .register(registry);
    }

    private Meter gauge(ChannelMetric metric, ChannelMeter meter, Tags tags) {
        return Gauge.builder(metric.metricName(), meter, metric::of)
                .description(metric.description())
                .tags(tags)
                .register(registry);
    }
}
