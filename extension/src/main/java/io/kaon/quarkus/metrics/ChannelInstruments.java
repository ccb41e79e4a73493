// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.metrics;

import io.kaon.quarkus.connector.metering.ChannelMeter;
import io.kaon.quarkus.connector.metering.ChannelMeters;
import io.kaon.quarkus.connector.metering.ChannelMetric;
import io.kaon.quarkus.connector.metering.ChannelMetric.Kind;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Shows the meters of channels as OpenTelemetry metrics: an instrument for each line of the catalogue, from the first
 * channel that has it. A bean only in applications that have OpenTelemetry metrics and no Micrometer.
 */
@Singleton
public class ChannelInstruments implements ChannelMeters.Listener {
    private static final AttributeKey<String> CHANNEL = AttributeKey.stringKey("channel");
    private static final AttributeKey<String> TOPIC = AttributeKey.stringKey("topic");
    private static final AttributeKey<String> PARTITION = AttributeKey.stringKey("partition");

    private final Meter meter;
    private final Set<ChannelMeter> open = ConcurrentHashMap.newKeySet();
    private final Set<ChannelMetric> shown = EnumSet.noneOf(ChannelMetric.class);

    @Inject
    ChannelInstruments(OpenTelemetry telemetry) {
        this.meter = telemetry.getMeter(BrokerInstruments.SCOPE);
    }

    @Override
    public synchronized void opened(ChannelMeter channel) {
        open.add(channel);
        for (ChannelMetric metric : ChannelMetric.values()) {
            if (metric.direction() == channel.direction() && shown.add(metric)) {
                show(metric);
            }
        }
    }

    @Override
    public void closed(ChannelMeter channel) {
        open.remove(channel);
    }

    private void show(ChannelMetric metric) {
        if (metric.kind() == Kind.COUNTER) {
            meter.counterBuilder(metric.metricName())
                    .setDescription(metric.description())
                    .setUnit("{" + metric.unit() + "}")
                    .ofDoubles()
                    .buildWithCallback(measurement -> observe(metric, measurement));
        } else {
            meter.gaugeBuilder(metric.metricName())
                    .setDescription(metric.description())
                    .setUnit("{" + metric.unit() + "}")
                    .buildWithCallback(measurement -> observe(metric, measurement));
        }
    }

    private void observe(ChannelMetric metric, ObservableDoubleMeasurement measurement) {
        for (ChannelMeter channel : open) {
            if (channel.direction() != metric.direction()) {
                continue;
            }
            if (metric == ChannelMetric.LAG) {
                channel.lag()
                        .forEach((partition, records) -> measurement.record(
                                records,
                                Attributes.of(
                                        CHANNEL, channel.channel(),
                                        TOPIC, partition.topic(),
                                        PARTITION, Integer.toString(partition.partition()))));
            } else {
                measurement.record(metric.of(channel), Attributes.of(CHANNEL, channel.channel()));
            }
        }
    }
}
