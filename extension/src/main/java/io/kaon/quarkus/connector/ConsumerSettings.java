// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.config.ConfigException;

/**
 * What an embedded consumer is set to: Kafka's names and defaults.
 *
 * @param groupId empty for a consumer without a group
 * @param isolation whether records of transactions are read before these have ended
 * @param maxPollIntervalMs how long the application may take between two polls before it leaves the group
 */
record ConsumerSettings(
        String clientId,
        Optional<String> groupId,
        Optional<String> groupInstanceId,
        int sessionTimeoutMs,
        int heartbeatIntervalMs,
        int maxPollIntervalMs,
        OffsetReset offsetReset,
        IsolationLevel isolation,
        List<String> assignors,
        long apiTimeoutMs,
        long metadataMaxAgeMs,
        FetchSettings fetch) {

    private static final String READ_UNCOMMITTED = "read_uncommitted";
    private static final String READ_COMMITTED = "read_committed";

    /**
     * How records are fetched.
     *
     * @param minBytes how much there should be before the broker answers
     * @param maxWaitMs after which it answers all the same
     * @param maxBytes of one answer, and {@code partitionMaxBytes} of one partition in it
     */
    record FetchSettings(int minBytes, int maxWaitMs, int maxBytes, int partitionMaxBytes, int maxPollRecords) {}

    static ConsumerSettings of(ClientSettings settings) {
        return new ConsumerSettings(
                settings.text(ConsumerConfig.CLIENT_ID_CONFIG, "kaon-consumer"),
                settings.text(ConsumerConfig.GROUP_ID_CONFIG),
                settings.text(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                settings.integer(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 45_000),
                settings.integer(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000),
                settings.integer(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 300_000),
                OffsetReset.of(settings.text(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest")),
                isolation(settings),
                settings.names(
                        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                        List.of(RangeAssignor.class.getName(), CooperativeStickyAssignor.class.getName())),
                settings.number(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 60_000),
                settings.number(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 300_000),
                new FetchSettings(
                        settings.integer(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1),
                        settings.integer(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 500),
                        settings.integer(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 50 << 20),
                        settings.integer(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1 << 20),
                        settings.integer(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500)));
    }

    private static IsolationLevel isolation(ClientSettings settings) {
        String name = settings.text(ConsumerConfig.ISOLATION_LEVEL_CONFIG, READ_UNCOMMITTED);
        return switch (name) {
            case READ_UNCOMMITTED -> IsolationLevel.READ_UNCOMMITTED;
            case READ_COMMITTED -> IsolationLevel.READ_COMMITTED;
            default ->
                throw new ConfigException(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, name, "must be read_uncommitted or read_committed");
        };
    }
}
