// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import io.kaon.quarkus.connector.attributes.GracePeriod;
import io.quarkus.runtime.LaunchMode;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.eclipse.microprofile.config.Config;

/**
 * What the commit strategy {@code throttled} of a channel is set to.
 *
 * @param commitInterval between two commits, and between two looks at the age of records
 * @param maxAge how long the application may have a record; zero for as long as it likes
 * @param action what becomes of one that is older
 * @param gracePeriod how long the end of the channel waits for records that the application has
 * @param apiTimeout after which a commit that has no answer has failed
 * @param explainsLatest whether it says that a new group gets nothing of what is in its topic already
 */
record ThrottledSettings(
        String channel,
        Duration commitInterval,
        Duration maxAge,
        Action action,
        Duration gracePeriod,
        Duration apiTimeout,
        boolean explainsLatest,
        Optional<OrderedTurns.Rules> order) {

    static final String ACTION = "throttled.unprocessed-record-action";
    private static final String LATEST = "latest";
    private static final int DEFAULT_COMMIT_INTERVAL_MS = 5_000;
    private static final int DEFAULT_API_TIMEOUT_MS = 60_000;

    /** What becomes of a record that the application has had for too long. */
    enum Action {
        /** The channel is unhealthy until the record is acknowledged. */
        UNHEALTHY("unhealthy"),
        /** It is sent to the dead letter topic, and commits go on. */
        DEAD_LETTER("dead-letter-queue");

        private final String value;

        Action(String value) {
            this.value = value;
        }

        private static Action of(String channel, String text) {
            String wanted = text.trim().toLowerCase(Locale.ROOT);
            for (Action action : values()) {
                if (action.value.equals(wanted)) {
                    return action;
                }
            }
            throw new IllegalArgumentException("The channel '" + channel + "' has " + ACTION + "=" + text
                    + ", which must be unhealthy or dead-letter-queue");
        }
    }

    ThrottledSettings {
        if (commitInterval.isNegative() || commitInterval.isZero()) {
            throw new IllegalArgumentException("The channel '" + channel + "' has "
                    + ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG + "=" + commitInterval.toMillis()
                    + ", which must be at least 1");
        }
    }

    static ThrottledSettings of(KafkaConnectorIncomingConfiguration channel) {
        Config config = channel.config();
        return new ThrottledSettings(
                channel.getChannel(),
                millis(config, ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG, DEFAULT_COMMIT_INTERVAL_MS),
                Duration.ofMillis(Math.max(0, channel.getThrottledUnprocessedRecordMaxAgeMs())),
                config.getOptionalValue(ACTION, String.class)
                        .map(text -> Action.of(channel.getChannel(), text))
                        .orElse(Action.UNHEALTHY),
                GracePeriod.of(config),
                millis(config, ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, DEFAULT_API_TIMEOUT_MS),
                LaunchMode.current() == LaunchMode.DEVELOPMENT
                        && LATEST.equals(channel.getAutoOffsetReset().trim().toLowerCase(Locale.ROOT)),
                channel.getThrottledOrdered()
                        .flatMap(order -> grouping(channel.getChannel(), order))
                        .map(grouping -> order(channel, grouping)));
    }

    private static OrderedTurns.Rules order(
            KafkaConnectorIncomingConfiguration channel, OrderedTurns.Grouping grouping) {
        int perPoll = channel.config()
                .getOptionalValue(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.class)
                .orElse(ConsumerConfig.DEFAULT_MAX_POLL_RECORDS);
        int most = channel.getThrottledOrderedMaxConcurrency().orElse(perPoll);
        if (most < 1) {
            throw new IllegalArgumentException("The channel '" + channel.getChannel()
                    + "' has throttled.ordered.max-concurrency=" + most + ", which must be at least 1");
        }
        return new OrderedTurns.Rules(grouping, most, Math.max(1, perPoll * channel.getMaxQueueSizeFactor()));
    }

    private static Optional<OrderedTurns.Grouping> grouping(String channel, String text) {
        return switch (text.trim().toLowerCase(Locale.ROOT)) {
            case "key" -> Optional.of(OrderedTurns.Grouping.KEY);
            case "partition" -> Optional.of(OrderedTurns.Grouping.PARTITION);
            case "off", "unordered", "" -> Optional.empty();
            default ->
                throw new IllegalArgumentException("The channel '" + channel + "' has throttled.ordered=" + text
                        + ", which must be key, partition or off");
        };
    }

    private static Duration millis(Config config, String name, int otherwise) {
        return Duration.ofMillis(config.getOptionalValue(name, Integer.class).orElse(otherwise));
    }
}
