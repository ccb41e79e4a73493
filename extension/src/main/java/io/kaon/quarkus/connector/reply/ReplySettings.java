// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.reply;

import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.impl.KafkaSource;
import io.smallrye.reactive.messaging.kafka.reply.KafkaRequestReply;
import io.smallrye.reactive.messaging.providers.impl.Configs;
import io.smallrye.reactive.messaging.providers.impl.ConnectorConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.spi.ConnectorFactory;

/**
 * What an outgoing channel that is sent requests is set to, by the attributes that begin with {@code reply.}.
 *
 * @param topic where replies are asked for
 * @param partition of it, −1 if anywhere
 * @param timeout for a reply
 * @param start the longest wait, before the first request, for partitions to read replies from; empty for none
 * @param headers of requests and replies
 * @param assigned the partitions that are read by number; empty if the group assigns those of the topic
 * @param isGraceful whether the end of the application waits for replies
 */
record ReplySettings(
        String topic,
        int partition,
        Duration timeout,
        Optional<Duration> start,
        Headers headers,
        Set<TopicPartition> assigned,
        boolean isGraceful) {
    private static final String PREFIX = "reply";
    private static final int DEFAULT_TIMEOUT_MS = 5_000;
    private static final int ANY_PARTITION = -1;
    private static final String GROUP = ConsumerConfig.GROUP_ID_CONFIG;

    /** The names of the three headers. */
    record Headers(String correlationId, String topic, String partition) {
        static Headers of(Config requests) {
            return new Headers(
                    text(requests, KafkaRequestReply.REPLY_CORRELATION_ID_HEADER_KEY)
                            .orElse(KafkaRequestReply.DEFAULT_REPLY_CORRELATION_ID_HEADER),
                    text(requests, KafkaRequestReply.REPLY_TOPIC_HEADER_KEY)
                            .orElse(KafkaRequestReply.DEFAULT_REPLY_TOPIC_HEADER),
                    text(requests, KafkaRequestReply.REPLY_PARTITION_HEADER_KEY)
                            .orElse(KafkaRequestReply.DEFAULT_REPLY_PARTITION_HEADER));
        }
    }

    /**
     * @param requests the outgoing channel
     * @param replies what reads the replies, as made by {@link #channel}
     */
    static ReplySettings of(Config requests, KafkaConnectorIncomingConfiguration replies) {
        Set<String> topics = KafkaSource.getTopics(replies);
        int timeoutMs = number(requests, KafkaRequestReply.REPLY_TIMEOUT_KEY).orElse(DEFAULT_TIMEOUT_MS);
        int startMs = number(requests, KafkaRequestReply.REPLY_INITIAL_ASSIGNMENT_TIMEOUT_KEY)
                .orElse(timeoutMs);
        boolean waits = startMs >= 0 && "latest".equals(replies.getAutoOffsetReset());
        return new ReplySettings(
                topics.iterator().next(),
                number(requests, KafkaRequestReply.REPLY_PARTITION_KEY).orElse(ANY_PARTITION),
                Duration.ofMillis(timeoutMs),
                waits ? Optional.of(Duration.ofMillis(startMs)) : Optional.empty(),
                Headers.of(requests),
                KafkaSource.getOffsetSeeks(replies.getAssignSeek().orElse(null), replies.getChannel(), topics)
                        .keySet(),
                replies.getGracefulShutdown());
    }

    /** Whether replies are asked for in one partition. */
    boolean isOnePartition() {
        return partition != ANY_PARTITION;
    }

    private static Optional<String> text(Config config, String name) {
        return config.getOptionalValue(name, String.class);
    }

    private static Optional<Integer> number(Config config, String name) {
        return config.getOptionalValue(name, Integer.class);
    }

    /** The settings of what reads the replies, as if it were an incoming channel; without those of named beans. */
    static Config channel(Config requests) {
        return Configs.prefixOverride(
                requests,
                PREFIX,
                Map.of(
                        "topic",
                        own -> own.getOriginalValue("topic", String.class)
                                        .orElseGet(() -> requests.getValue(
                                                ConnectorFactory.CHANNEL_NAME_ATTRIBUTE, String.class))
                                + KafkaRequestReply.DEFAULT_REPLIES_TOPIC_SUFFIX,
                        "assign-seek",
                        own -> own.getOriginalValue(KafkaRequestReply.REPLY_PARTITION_KEY, Integer.class)
                                .map(String::valueOf)
                                .orElse(null)));
    }

    /**
     * The group that reads the replies. Unless somebody has named one it is of this channel in this process alone:
     * members of a shared group would get each other's replies, and lose theirs whenever another one comes or goes.
     *
     * @param application the application's configuration
     * @param requests the outgoing channel
     * @param named the settings of the bean that the channel names
     * @param shared the group of the application, which others may be allowed to extend by access rules for a prefix
     */
    static String group(Config application, Config requests, Map<String, Object> named, Optional<String> shared) {
        String channel = requests.getValue(ConnectorFactory.CHANNEL_NAME_ATTRIBUTE, String.class);
        return text(requests, PREFIX + "." + GROUP)
                .or(() -> text(
                        application, ConnectorConfig.channelPrefix(ConnectorFactory.OUTGOING_PREFIX, channel) + GROUP))
                .or(() -> Optional.ofNullable(named.get(GROUP)).map(Object::toString))
                .orElseGet(
                        () -> shared.map(group -> group + "-").orElse("") + channel + "-replies-" + UUID.randomUUID());
    }
}
