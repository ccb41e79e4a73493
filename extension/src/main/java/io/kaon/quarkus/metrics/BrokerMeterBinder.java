// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.metrics;

import io.kaon.broker.Broker;
import io.kaon.quarkus.EmbeddedBroker;
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
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Shows what the broker in this application tells about itself in Micrometer: {@link io.kaon.telemetry.MetricCatalogue}
 * has the names. The broker outlives the application in dev mode; what is shown of it does not. A bean only in
 * applications that have Micrometer.
 */
@Singleton
public class BrokerMeterBinder {
    private static final Logger LOG = Logger.getLogger(BrokerMeterBinder.class);
    /** How old a value may be, and how late what is new, such as the meters of a partition, may appear. */
    private static final Duration PERIOD = Duration.ofSeconds(2);

    private record Key(MetricName name, Map<String, String> tags) {}

    private final MeterRegistry registry;
    private final EmbeddedBroker embedded;
    private final Map<Key, Meter> shown = new HashMap<>();
    private volatile Map<Key, Double> values = Map.of();
    private Optional<ScheduledExecutorService> timer = Optional.empty();

    @Inject
    BrokerMeterBinder(MeterRegistry registry, EmbeddedBroker embedded) {
        this.registry = registry;
        this.embedded = embedded;
    }

    /** Does nothing in an application whose channels go elsewhere. */
    void start(@Observes StartupEvent event) {
        embedded.broker().ifPresent(broker -> {
            refresh(broker);
            timer = Optional.of(Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "kaon-broker-meters");
                thread.setDaemon(true);
                return thread;
            }));
            timer.get()
                    .scheduleWithFixedDelay(
                            () -> refresh(broker), PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        });
    }

    @PreDestroy
    synchronized void close() {
        timer.ifPresent(ScheduledExecutorService::shutdownNow);
        shown.values().forEach(registry::remove);
        shown.clear();
    }

    private synchronized void refresh(Broker broker) {
        if (timer.map(ScheduledExecutorService::isShutdown).orElse(false)) {
            return;
        }
        try {
            Map<Key, Double> now = new HashMap<>();
            for (Sample sample : broker.metrics()) {
                now.put(new Key(sample.name(), sample.tags()), sample.value());
            }
            values = now;
            List<Key> gone =
                    shown.keySet().stream().filter(key -> !now.containsKey(key)).toList();
            gone.forEach(key -> registry.remove(shown.remove(key)));
            now.keySet().forEach(key -> shown.computeIfAbsent(key, this::show));
        } catch (RuntimeException failure) { // The timer would never come again.
            LOG.debugf(failure, "The metrics of the broker could not be read");
        }
    }

    private Meter show(Key key) {
        MetricName name = key.name();
        List<Tag> tags = key.tags().entrySet().stream()
                .map(tag -> Tag.of(tag.getKey(), tag.getValue()))
                .toList();
        if (name.kind() == MetricName.Kind.COUNTER) {
            return FunctionCounter.builder(name.name(), this, binder -> binder.valueOf(key))
                    .description(name.help())
                    .baseUnit(name.unit())
                    .tags(tags)
                    .register(registry);
        }
        return Gauge.builder(name.name(), this, binder -> binder.valueOf(key))
                .description(name.help())
                .baseUnit(name.unit())
                .tags(tags)
                .register(registry);
    }

    private double valueOf(Key key) {
        return values.getOrDefault(key, Double.NaN);
    }
}
