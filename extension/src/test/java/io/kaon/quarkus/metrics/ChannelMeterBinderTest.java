// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.quarkus.connector.metering.ChannelMeter;
import io.kaon.quarkus.connector.metering.ChannelMeter.Direction;
import io.kaon.quarkus.connector.metering.ChannelMeters;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChannelMeterBinderTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final ChannelMeters meters = new ChannelMeters();
    private final ChannelMeterBinder binder = new ChannelMeterBinder(registry);

    @AfterEach
    void close() {
        binder.close();
    }

    @Test
    void shouldShowTheCountersOfEachDirection() {
        // Given
        meters.listen(binder);

        // When
        meters.open(Direction.INCOMING, "in").received(3);
        meters.open(Direction.OUTGOING, "out").accepted(2);

        // Then
        assertThat(registry.get("kaon.channel.records.received")
                        .tag("channel", "in")
                        .functionCounter()
                        .count())
                .isEqualTo(3);
        assertThat(registry.get("kaon.channel.sends.inflight")
                        .tag("channel", "out")
                        .gauge()
                        .value())
                .isEqualTo(2);
    }

    @Test
    void shouldLeaveNothingBehindWhenChannelsEnd() {
        // Given
        meters.listen(binder);
        ChannelMeter in = meters.open(Direction.INCOMING, "in");
        ChannelMeter out = meters.open(Direction.OUTGOING, "out");

        // When
        meters.close(in);
        meters.close(out);

        // Then
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void shouldShowOnlyPartitionsThatAreThere() {
        // Given
        Map<TopicPartition, Long> lag = new HashMap<>(Map.of(new TopicPartition("t", 0), 5L));
        ChannelMeter meter = meters.open(Direction.INCOMING, "in");
        meter.lagFrom(() -> Map.copyOf(lag));
        PartitionLag partitions = new PartitionLag(registry, meter);
        partitions.refresh();
        double before = registry.get("kaon.channel.records.lag")
                .tag("partition", "0")
                .gauge()
                .value();

        // When
        lag.clear();
        lag.put(new TopicPartition("t", 1), 7L);
        partitions.refresh();

        // Then
        assertThat(before).isEqualTo(5);
        assertThat(registry.getMeters())
                .extracting(Meter::getId)
                .extracting(id -> id.getTag("partition"))
                .containsExactly("1");
        partitions.close();
        assertThat(registry.getMeters()).isEmpty();
    }
}
