// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.quarkus.connector.client.ClientSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.config.ConfigException;

/**
 * How a consumer takes part in its group: Kafka's names and defaults.
 *
 * @param id empty for a consumer without a group
 * @param instanceId of a static member, which keeps its partitions while it restarts
 * @param rack where the consumer runs
 */
record GroupSettings(
        Optional<String> id,
        Optional<String> instanceId,
        Optional<String> rack,
        MemberTimeouts timeouts,
        Protocol protocol) {

    /**
     * How long others wait for a member.
     *
     * @param sessionMs without a heartbeat
     * @param maxPollIntervalMs how long the application may take between two polls before the member leaves
     */
    record MemberTimeouts(int sessionMs, int heartbeatIntervalMs, int maxPollIntervalMs) {}

    /**
     * Who assigns partitions.
     *
     * @param isServerSide the coordinator does (KIP-848), else the members' leader
     * @param assignors what a leader assigns by, the preferred one first
     * @param remoteAssignor what the coordinator assigns by, its own choice if empty
     */
    record Protocol(boolean isServerSide, Assignors assignors, Optional<String> remoteAssignor) {}

    /**
     * Classes of assignors.
     *
     * @param settings all of the consumer's, for assignors that read them
     */
    record Assignors(List<String> names, Map<String, ?> settings) {
        List<ConsumerPartitionAssignor> instances() {
            return ConsumerPartitionAssignor.getAssignorInstances(names, new HashMap<>(settings));
        }
    }

    static GroupSettings of(ClientSettings settings) {
        return new GroupSettings(
                settings.text(ConsumerConfig.GROUP_ID_CONFIG),
                settings.text(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                settings.text(ConsumerConfig.CLIENT_RACK_CONFIG),
                new MemberTimeouts(
                        settings.integer(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 45_000),
                        settings.integer(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000),
                        settings.integer(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 300_000)),
                protocol(settings));
    }

    private static Protocol protocol(ClientSettings settings) {
        boolean isServerSide = isServerSide(settings);
        Optional<String> remoteAssignor = settings.text(ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG);
        if (isServerSide) {
            refuse(
                    settings,
                    "is the coordinator's to say when group.protocol is consumer",
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                    ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                    ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
        } else {
            refuse(settings, "needs group.protocol consumer", ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG);
        }
        List<String> assignors = settings.names(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                List.of(RangeAssignor.class.getName(), CooperativeStickyAssignor.class.getName()));
        return new Protocol(isServerSide, new Assignors(assignors, settings.values()), remoteAssignor);
    }

    private static boolean isServerSide(ClientSettings settings) {
        String protocol = settings.text(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        return switch (protocol.toLowerCase(Locale.ROOT)) {
            case "classic" -> false;
            case "consumer" -> true;
            default ->
                throw new ConfigException(
                        ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol, "must be classic or consumer");
        };
    }

    private static void refuse(ClientSettings settings, String reason, String... names) {
        for (String name : names) {
            Optional<String> value = settings.text(name);
            if (value.isPresent()) {
                throw new ConfigException(name, value.get(), reason);
            }
        }
    }
}
