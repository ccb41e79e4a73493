// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaon.quarkus.connector.metering.ChannelMetric;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.quarkus.builder.Version;
import io.quarkus.maven.dependency.Dependency;
import io.quarkus.test.QuarkusUnitTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;

/** What Micrometer shows of the channels of the connector kaon, embedded and remote. */
abstract class AbstractMetersTest {
    private static final String CONFIG =
            """
            quarkus.application.name=meters
            quarkus.http.test-port=0
            quarkus.log.category."org.apache.kafka".level=WARN
            mp.messaging.outgoing.orders-out.topic=orders
            mp.messaging.incoming.orders-in.topic=orders
            mp.messaging.incoming.orders-in.auto.offset.reset=earliest
            mp.messaging.outgoing.risky-out.topic=risky
            mp.messaging.incoming.risky-in.topic=risky
            mp.messaging.incoming.risky-in.auto.offset.reset=earliest
            mp.messaging.incoming.risky-in.failure-strategy=ignore
            mp.messaging.outgoing.slow-out.topic=slow
            mp.messaging.incoming.slow-in.topic=slow
            mp.messaging.incoming.slow-in.auto.offset.reset=earliest
            mp.messaging.incoming.slow-in.max.poll.records=1
            mp.messaging.incoming.slow-in.max-queue-size-factor=1
            mp.messaging.outgoing.bulk-out.topic=bulk
            mp.messaging.incoming.bulk-in.topic=bulk
            mp.messaging.incoming.bulk-in.auto.offset.reset=earliest
            mp.messaging.outgoing.broken-out.topic=not a topic
            mp.messaging.outgoing.broken-out.retries=0
            mp.messaging.outgoing.broken-out.max.block.ms=2000
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Inject
    MetersApplication application;

    static QuarkusUnitTest application() {
        return new QuarkusUnitTest()
                .setForcedDependencies(List.of(Dependency.of("io.quarkus", "quarkus-micrometer", Version.getVersion())))
                .withApplicationRoot(
                        jar -> jar.addClasses(MetersApplication.class, AbstractMetersTest.class, Elsewhere.class)
                                .addAsResource(new StringAsset(CONFIG), "application.properties"));
    }

    @Test
    void shouldCountRecordsThatWereTakenAcknowledgedAndRefused() {
        // When
        application.risky.send("pear");
        application.risky.send("bad apple");
        application.risky.send("plum");

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(value(ChannelMetric.RECEIVED, "risky-in")).isEqualTo(3);
            assertThat(value(ChannelMetric.ACKNOWLEDGED, "risky-in")).isEqualTo(2);
            assertThat(value(ChannelMetric.FAILED, "risky-in")).isEqualTo(1);
            assertThat(value(ChannelMetric.IN_FLIGHT, "risky-in")).isZero();
            assertThat(value(ChannelMetric.SENT, "risky-out")).isEqualTo(3);
            assertThat(value(ChannelMetric.SEND_IN_FLIGHT, "risky-out")).isZero();
        });
    }

    @Test
    void shouldShowWhatTheApplicationHasNotFinishedAndWhatIsStillToCome() {
        // Given
        for (int number = 0; number < 30; number++) {
            application.slow.send("number " + number);
        }
        await().atMost(PATIENCE).until(() -> !application.waiting.isEmpty());
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(value(ChannelMetric.IN_FLIGHT, "slow-in")).isPositive();
            assertThat(lag("slow-in", "slow")).isPositive();
        });

        // When
        application.waitingMayEnd.complete(null);

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(application.waiting).hasSize(30);
            assertThat(value(ChannelMetric.IN_FLIGHT, "slow-in")).isZero();
            assertThat(lag("slow-in", "slow")).isZero();
        });
    }

    @Test
    void shouldCountCommits() {
        // When
        application.orders.send("apricot");

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(value(ChannelMetric.COMMITS, "orders-in"))
                .isPositive());
    }

    @Test
    void shouldLetQuarkusBindTheMetricsOfClients() {
        // When
        Set<String> shown = application.registry.getMeters().stream()
                .map(meter -> meter.getId().getName())
                .collect(Collectors.toSet());

        // Then
        assertThat(shown)
                .contains(
                        "kafka.consumer.fetch.manager.records.consumed.total",
                        "kafka.consumer.coordinator.commit.total",
                        "kafka.producer.record.send.total");
    }

    @Test
    void shouldCountEachRecordOfBatches() throws Exception {
        // When
        for (int number = 0; number < 50; number++) {
            application.bulk.send(number).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(application.bulkIn)
                    .containsExactlyElementsOf(IntStream.range(0, 50).boxed().toList());
            assertThat(value(ChannelMetric.RECEIVED, "bulk-in")).isEqualTo(50);
            assertThat(value(ChannelMetric.ACKNOWLEDGED, "bulk-in")).isEqualTo(50);
        });
    }

    @Test
    void shouldCountWhatCouldNotBeSent() {
        // When
        application.broken.send("nowhere");

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(value(ChannelMetric.SEND_FAILURES, "broken-out"))
                .isEqualTo(1));
    }

    @Test
    void shouldShowEveryMeterOfTheCatalogue() {
        // When
        Set<String> shown = application.registry.getMeters().stream()
                .map(meter -> meter.getId().getName())
                .filter(name -> name.startsWith("kaon.channel."))
                .collect(Collectors.toSet());

        // Then
        assertThat(shown)
                .containsAll(Arrays.stream(ChannelMetric.values())
                        .filter(metric -> metric != ChannelMetric.LAG) // One for each partition, once it is known.
                        .map(ChannelMetric::metricName)
                        .toList());
    }

    /** Not a number as long as the partition has no meter. */
    private double lag(String channel, String topic) {
        Gauge gauge = application
                .registry
                .find(ChannelMetric.LAG.metricName())
                .tags("channel", channel, "topic", topic, "partition", "0")
                .gauge();
        return gauge == null ? Double.NaN : gauge.value();
    }

    private double value(ChannelMetric metric, String channel) {
        Meter meter = application
                .registry
                .get(metric.metricName())
                .tag("channel", channel)
                .meter();
        return meter.measure().iterator().next().getValue();
    }
}
