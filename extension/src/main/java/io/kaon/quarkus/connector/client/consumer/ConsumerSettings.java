// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.quarkus.connector.client.ClientSettings;
import io.kaon.quarkus.connector.client.TopicSettings;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.config.ConfigException;

/**
 * What an embedded consumer is set to: Kafka's names and defaults.
 *
 * @param isolation whether records of transactions are read before these have ended
 * @param autoCommitIntervalMs empty if only the application commits
 */
public record ConsumerSettings(
        String clientId,
        GroupSettings group,
        OffsetReset offsetReset,
        IsolationLevel isolation,
        OptionalLong autoCommitIntervalMs,
        TopicSettings topics,
        FetchSettings fetch) {

    /**
     * How records are fetched.
     *
     * @param minBytes how much there should be before the broker answers
     * @param maxWaitMs after which it answers all the same
     * @param maxBytes of one answer, and {@code partitionMaxBytes} of one partition in it
     */
    record FetchSettings(
            int minBytes,
            int maxWaitMs,
            int maxBytes,
            int partitionMaxBytes,
            int maxPollRecords,
            int requestTimeoutMs) {
        /** An answer that comes later than {@code fetch.max.wait.ms} by so little is no reason to ask again. */
        private static final int SLACK_MS = 1_000;

        /** How long a fetch may have no answer. */
        long patienceMs() {
            return Math.max(requestTimeoutMs, (long) maxWaitMs + SLACK_MS);
        }
    }

    public static ConsumerSettings of(ClientSettings settings) {
        return new ConsumerSettings(
                settings.text(ConsumerConfig.CLIENT_ID_CONFIG, "kaon-consumer"),
                GroupSettings.of(settings),
                OffsetReset.of(settings.text(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest")),
                isolation(settings),
                autoCommit(settings),
                TopicSettings.of(settings),
                new FetchSettings(
                        settings.integer(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1),
                        settings.integer(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 500),
                        settings.integer(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 50 << 20),
                        settings.integer(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1 << 20),
                        settings.integer(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500),
                        settings.integer(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 30_000)));
    }

    private static IsolationLevel isolation(ClientSettings settings) {
        String name = settings.text(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "read_uncommitted" -> IsolationLevel.READ_UNCOMMITTED;
            case "read_committed" -> IsolationLevel.READ_COMMITTED;
            default ->
                throw new ConfigException(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, name, "must be read_uncommitted or read_committed");
        };
    }

    /** Off unless asked for, as SmallRye sets it for its channels. */
    private static OptionalLong autoCommit(ClientSettings settings) {
        boolean isOn = settings.flag(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        if (isOn && settings.text(ConsumerConfig.GROUP_ID_CONFIG).isEmpty()) {
            throw new ConfigException(
                    ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "true", "needs a group.id to commit for");
        }
        return isOn
                ? OptionalLong.of(settings.number(ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG, 5_000))
                : OptionalLong.empty();
    }

    Optional<String> groupId() {
        return group.id();
    }

    long apiTimeoutMs() {
        return topics.apiTimeoutMs();
    }
}
