// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetersTest {
    private static final long NS_PER_MS = 1_000_000;
    private static final long NS_PER_S = 1_000_000_000;

    @Test
    void shouldNameMetricsAsPrometheusDoes() {
        // Then
        assertThat(BrokerMetrics.MESSAGES_IN.prometheusName())
                .isEqualTo("kafka_server_brokertopicmetrics_messagesin_total");
        assertThat(BrokerMetrics.LOG_SIZE.prometheusName()).isEqualTo("kafka_log_log_size");
        assertThat(MetricCatalogue.COMPACTION_BYTES_READ.prometheusName())
                .isEqualTo("kaon_log_compaction_read_bytes_total");
        assertThat(MetricCatalogue.COMPACTION_DIRTY_RATIO.prometheusName())
                .isEqualTo("kaon_log_compaction_dirty_ratio");
        assertThat(MetricCatalogue.OPEN_PARTITIONS.prometheusName()).isEqualTo("kaon_log_partitions_open");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 15, 16, 17, 1000, 123_456, 60_000_000})
    void shouldKnowATimeWithinAnEighth(long micros) {
        // When
        double ms = Histogram.middleMs(Histogram.bucketOf(micros));

        // Then
        assertThat(ms * 1000).isCloseTo(micros, within(micros / 8.0));
    }

    @Test
    void shouldPutWhatTakesForeverIntoTheLastBucket() {
        // Then
        assertThat(Histogram.bucketOf(Long.MAX_VALUE)).isEqualTo(Histogram.bucketOf(1L << 40));
    }

    @Test
    void shouldTellQuantilesOfTheLastTwoMinutesAndCountEverything() {
        // Given
        Histogram histogram = new Histogram();
        RecentQuantiles recent = new RecentQuantiles(
                histogram, RequestMetrics.TOTAL_TIME, RequestMetrics.TOTAL_TIME_COUNT, Map.of("request", "Produce"));
        for (int number = 0; number < 100; number++) {
            histogram.record(NS_PER_MS);
        }

        // When
        Map<String, Double> first = collect(recent, 0);
        collect(recent, 61 * NS_PER_S);
        collect(recent, 122 * NS_PER_S);
        histogram.record(64 * NS_PER_MS);
        Map<String, Double> later = collect(recent, 123 * NS_PER_S);

        // Then
        assertThat(first.get("0.50")).isCloseTo(1, within(0.125));
        assertThat(later.get("0.50")).isCloseTo(64, within(8.0));
        assertThat(later.get("count")).isEqualTo(101);
    }

    @Test
    void shouldSayNothingOfATimeInWhichNothingHappened() {
        // Given
        RecentQuantiles recent = new RecentQuantiles(
                new Histogram(), RequestMetrics.TOTAL_TIME, RequestMetrics.TOTAL_TIME_COUNT, Map.of());

        // Then
        assertThat(collect(recent, 0).get("0.99")).isNaN();
    }

    private static Map<String, Double> collect(RecentQuantiles recent, long nowNs) {
        Map<String, Double> values = new HashMap<>();
        recent.collect(nowNs, (name, tags, value) -> values.put(tags.getOrDefault("quantile", "count"), value));
        return values;
    }

    @Test
    void shouldAddUpTopicsThatAreThereAndThatWere() {
        // Given
        TopicMeters meters = new TopicMeters();
        meters.of("gone").appended(3, 30);
        meters.of("here").appended(4, 40);
        meters.ofKnown("never").produceFailed();

        // When
        meters.remove("gone");

        // Then
        Map<String, Double> records = new HashMap<>();
        Map<String, Double> failures = new HashMap<>();
        meters.collect(new MetricSource.Look(0, 10), (name, tags, value) -> {
            if (name == BrokerMetrics.MESSAGES_IN) {
                records.put(tags.get("topic"), value);
            } else if (name == BrokerMetrics.FAILED_PRODUCE_REQUESTS) {
                failures.put(tags.get("topic"), value);
            }
        });
        assertThat(records).containsExactlyInAnyOrderEntriesOf(Map.of("here", 4.0, "", 7.0));
        assertThat(failures).containsEntry("", 1.0).containsEntry("here", 0.0);
    }

    @Test
    void shouldTellIdleTimeSinceTheLookBefore() {
        // Given
        IdleShare idle = new IdleShare();
        idle.next(0, 0, 2);

        // When
        double half = idle.next(10 * NS_PER_S, 10 * NS_PER_S, 2);
        double tooSoon = idle.next(10 * NS_PER_S + 1, 11 * NS_PER_S, 2);
        double none = idle.next(20 * NS_PER_S, 40 * NS_PER_S, 2);

        // Then
        assertThat(half).isEqualTo(0.5);
        assertThat(tooSoon).isEqualTo(0.5);
        assertThat(none).isZero();
    }
}
