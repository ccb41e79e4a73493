// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.metrics;

import io.kaon.quarkus.EmbeddedBroker;
import io.kaon.quarkus.KaonMetricsConfig;
import io.kaon.telemetry.MetricName;
import io.kaon.telemetry.Metrics.Sample;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Shows what the broker in this application tells about itself as OpenTelemetry metrics: an instrument for each name,
 * whose values are told apart by attributes. A bean only in applications that have OpenTelemetry metrics and no
 * Micrometer.
 */
@Singleton
public class BrokerInstruments {
    /** The scope of the instruments. */
    static final String SCOPE = "io.kaon";

    private static final Logger LOG = Logger.getLogger(BrokerInstruments.class);

    private final Meter meter;
    private final EmbeddedBroker embedded;
    private final KaonMetricsConfig config;
    private final Map<MetricName, AutoCloseable> shown = new HashMap<>();
    private volatile Map<MetricName, List<Sample>> values = Map.of();
    private volatile Optional<BrokerFeed> feed = Optional.empty();
    private boolean isClosed;

    @Inject
    BrokerInstruments(OpenTelemetry telemetry, EmbeddedBroker embedded, KaonMetricsConfig config) {
        this.meter = telemetry.getMeter(SCOPE);
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
        shown.values().forEach(BrokerInstruments::end);
        shown.clear();
    }

    synchronized void show(List<Sample> samples) {
        if (!isClosed) {
            values = samples.stream().collect(Collectors.groupingBy(Sample::name));
            values.keySet().forEach(name -> shown.computeIfAbsent(name, this::instrument));
        }
    }

    private AutoCloseable instrument(MetricName name) {
        if (name.kind() == MetricName.Kind.COUNTER) {
            return meter.counterBuilder(name.name())
                    .setDescription(name.help())
                    .setUnit(unitOf(name))
                    .ofDoubles()
                    .buildWithCallback(measurement -> observe(name, measurement));
        }
        return meter.gaugeBuilder(name.name())
                .setDescription(name.help())
                .setUnit(unitOf(name))
                .buildWithCallback(measurement -> observe(name, measurement));
    }

    /** UCUM's spelling: what is counted stands in braces. */
    static String unitOf(MetricName name) {
        return switch (name.unit()) {
            case "bytes" -> "By";
            case "bytes/s" -> "By/s";
            case "ms", "s" -> name.unit();
            case "ratio" -> "1";
            default -> "{" + name.unit() + "}";
        };
    }

    private void observe(MetricName name, ObservableDoubleMeasurement measurement) {
        feed.ifPresent(BrokerFeed::onRead);
        for (Sample sample : values.getOrDefault(name, List.of())) {
            if (!Double.isNaN(sample.value())) {
                measurement.record(sample.value(), attributes(sample.tags()));
            }
        }
    }

    private static Attributes attributes(Map<String, String> tags) {
        AttributesBuilder attributes = Attributes.builder();
        tags.forEach(attributes::put);
        return attributes.build();
    }

    private static void end(AutoCloseable instrument) {
        try {
            instrument.close();
        } catch (Exception failure) { // No instrument throws one.
            LOG.debug("An instrument could not be ended", failure);
        }
    }
}
