// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.metrics;

import io.kaon.quarkus.connector.metering.ChannelMeter;
import io.kaon.quarkus.connector.metering.ChannelMetric;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/** A gauge for each partition that a channel has, as long as it has it. */
final class PartitionLag {
    private static final Logger LOG = Logger.getLogger(PartitionLag.class);
    private static final double UNKNOWN = Double.NaN;

    private final MeterRegistry registry;
    private final ChannelMeter meter;
    private final Map<TopicPartition, Meter> gauges = new HashMap<>();
    private volatile Map<TopicPartition, Long> known = Map.of();
    private boolean closed;

    PartitionLag(MeterRegistry registry, ChannelMeter meter) {
        this.registry = registry;
        this.meter = meter;
    }

    /** Asks the channel, makes gauges for partitions that came and takes away those of partitions that went. */
    synchronized void refresh() {
        if (closed) {
            return;
        }
        try {
            known = meter.lag();
        } catch (RuntimeException failure) { // The timer would never come again.
            LOG.debugf(failure, "The lag of the channel '%s' could not be read", meter.channel());
            return;
        }
        Set<TopicPartition> now = known.keySet();
        List<TopicPartition> gone =
                gauges.keySet().stream().filter(id -> !now.contains(id)).toList();
        gone.forEach(id -> registry.remove(gauges.remove(id)));
        now.forEach(id -> gauges.computeIfAbsent(id, this::gauge));
    }

    synchronized void close() {
        closed = true;
        List<Meter> last = new ArrayList<>(gauges.values());
        gauges.clear();
        last.forEach(registry::remove);
    }

    private Meter gauge(TopicPartition id) {
        return Gauge.builder(ChannelMetric.LAG.metricName(), this, lag -> lag.of(id))
                .description(ChannelMetric.LAG.description())
                .tag(ChannelMeterBinder.CHANNEL, meter.channel())
                .tag("topic", id.topic())
                .tag("partition", Integer.toString(id.partition()))
                .register(registry);
    }

    private double of(TopicPartition id) {
        Long records = known.get(id);
        return records == null ? UNKNOWN : records;
    }
}
