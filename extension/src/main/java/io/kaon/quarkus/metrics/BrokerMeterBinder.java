// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.metrics;

import io.kaon.quarkus.EmbeddedBroker;
import io.kaon.quarkus.KaonMetricsConfig;
import io.kaon.telemetry.MetricName;
import io.kaon.telemetry.Metrics.Sample;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Shows what the broker in this application tells about itself in Micrometer: {@link io.kaon.telemetry.MetricCatalogue}
 * and those that it names have the names. The broker outlives the application in dev mode; what is shown of it does
 * not. A bean only in applications that have Micrometer.
 */
@Singleton
public class BrokerMeterBinder {
    private record Key(MetricName name, Map<String, String> tags) {}

    private final MeterRegistry registry;
    private final EmbeddedBroker embedded;
    private final KaonMetricsConfig config;
    private final Map<Key, Meter> shown = new HashMap<>();
    private volatile Map<Key, Double> values = Map.of();
    private volatile Optional<BrokerFeed> feed = Optional.empty();
    private boolean isClosed;

    @Inject
    BrokerMeterBinder(MeterRegistry registry, EmbeddedBroker embedded, KaonMetricsConfig config) {
        this.registry = registry;
        this.embedded = embedded;
        this.config = config;
    }

    /** Does nothing in an application whose channels go elsewhere. */
    void start(@Observes StartupEvent event) {
        feed = embedded.broker().map(broker -> BrokerFeed.start(broker, config, this::show));
    }

    @PreDestroy
    synchronized void close() {
        feed.ifPresent(BrokerFeed::close);
        isClosed = true;
        shown.values().forEach(registry::remove);
        shown.clear();
    }

    private synchronized void show(List<Sample> samples) {
        if (isClosed) {
            return;
        }
        Map<Key, Double> now = new HashMap<>();
        for (Sample sample : samples) {
            now.put(new Key(sample.name(), sample.tags()), sample.value());
        }
        values = now;
        List<Key> gone =
                shown.keySet().stream().filter(key -> !now.containsKey(key)).toList();
        gone.forEach(key -> registry.remove(shown.remove(key)));
        now.keySet().forEach(key -> shown.computeIfAbsent(key, this::meter));
    }

    /** Names that others gave get nothing added: no unit behind them. */
    private Meter meter(Key key) {
        MetricName name = key.name();
        List<Tag> tags = key.tags().entrySet().stream()
                .map(tag -> Tag.of(tag.getKey(), tag.getValue()))
                .toList();
        String unit = name.showsUnit() ? name.unit() : null;
        if (name.kind() == MetricName.Kind.COUNTER) {
            return FunctionCounter.builder(name.name(), this, binder -> binder.valueOf(key))
                    .description(name.help())
                    .baseUnit(unit)
                    .tags(tags)
                    .register(registry);
        }
        return Gauge.builder(name.name(), this, binder -> binder.valueOf(key))
                .description(name.help())
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }

    private double valueOf(Key key) {
        feed.ifPresent(BrokerFeed::onRead);
        return values.getOrDefault(key, Double.NaN);
    }
}
