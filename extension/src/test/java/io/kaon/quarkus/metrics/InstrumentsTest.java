// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.quarkus.EmbeddedBroker;
import io.kaon.quarkus.KaonMetricsConfig;
import io.kaon.quarkus.connector.metering.ChannelMeter;
import io.kaon.quarkus.connector.metering.ChannelMeter.Direction;
import io.kaon.quarkus.connector.metering.ChannelMeters;
import io.kaon.telemetry.BrokerMetrics;
import io.kaon.telemetry.Metrics.Sample;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What OpenTelemetry sees of a broker and of channels. */
class InstrumentsTest {
    private static final AttributeKey<String> TOPIC = AttributeKey.stringKey("topic");
    private static final AttributeKey<String> CHANNEL = AttributeKey.stringKey("channel");

    private final InMemoryMetricReader reader = InMemoryMetricReader.create();
    private final OpenTelemetrySdk telemetry = OpenTelemetrySdk.builder()
            .setMeterProvider(
                    SdkMeterProvider.builder().registerMetricReader(reader).build())
            .build();
    private final BrokerInstruments broker = new BrokerInstruments(telemetry, new EmbeddedBroker(), new Config());

    private record Config() implements KaonMetricsConfig {
        @Override
        public int partitions() {
            return 10;
        }

        @Override
        public Duration interval() {
            return Duration.ofSeconds(2);
        }
    }

    @AfterEach
    void close() {
        broker.close();
        telemetry.close();
    }

    @Test
    void shouldShowTheBrokersMetricsByTopic() {
        // When
        broker.show(List.of(
                new Sample(BrokerMetrics.MESSAGES_IN, Map.of("topic", "orders"), 7),
                new Sample(BrokerMetrics.MESSAGES_IN, Map.of("topic", "bills"), 2),
                new Sample(BrokerMetrics.LEADER_COUNT, Map.of(), 3)));

        // Then
        assertThat(find("kafka.server.brokertopicmetrics.messagesin")).hasValueSatisfying(metric -> {
            assertThat(metric.getUnit()).isEqualTo("{records}");
            assertThat(value(metric, TOPIC, "orders")).isEqualTo(7);
            assertThat(value(metric, TOPIC, "bills")).isEqualTo(2);
        });
        assertThat(find("kafka.server.replicamanager.leadercount")).isPresent();
    }

    @Test
    void shouldForgetWhatTheBrokerTellsNoMore() {
        // Given
        broker.show(List.of(new Sample(BrokerMetrics.LOG_SIZE, Map.of("topic", "gone", "partition", "0"), 1)));

        // When
        broker.show(List.of());

        // Then
        assertThat(find("kafka.log.log.size")).isEmpty();
    }

    @Test
    void shouldShowChannelsWhileTheyAreOpen() {
        // Given
        ChannelMeters meters = new ChannelMeters();
        meters.listen(new ChannelInstruments(telemetry));

        // When
        ChannelMeter in = meters.open(Direction.INCOMING, "orders");
        in.received(5);
        in.lagFrom(() -> Map.of(new TopicPartition("t", 0), 9L));

        // Then
        assertThat(find("kaon.channel.records.received"))
                .hasValueSatisfying(
                        metric -> assertThat(value(metric, CHANNEL, "orders")).isEqualTo(5));
        assertThat(find("kaon.channel.records.lag")).hasValueSatisfying(metric -> assertThat(value(metric, TOPIC, "t"))
                .isEqualTo(9));
        meters.close(in);
        assertThat(find("kaon.channel.records.received")).isEmpty();
    }

    private Optional<MetricData> find(String name) {
        return reader.collectAllMetrics().stream()
                .filter(metric -> metric.getName().equals(name))
                .findFirst();
    }

    private static double value(MetricData metric, AttributeKey<String> key, String value) {
        for (PointData point : metric.getData().getPoints()) {
            if (value.equals(point.getAttributes().get(key))) {
                return ((DoublePointData) point).getValue();
            }
        }
        return Double.NaN;
    }
}
