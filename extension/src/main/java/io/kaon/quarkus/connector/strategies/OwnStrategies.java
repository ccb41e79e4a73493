// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import io.kaon.broker.Broker;
import io.smallrye.reactive.messaging.health.HealthReport;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.smallrye.reactive.messaging.kafka.fault.KafkaDelayedRetryTopic;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.eclipse.microprofile.config.Config;

/**
 * Which strategies of a channel are ours. SmallRye finds strategies by identifier, and its own keep the names that users
 * write, for channels of {@code smallrye-kafka}; so ours have other ones, which nobody has to write.
 */
@Singleton
public class OwnStrategies {
    private static final String COMMIT_STRATEGY = "commit-strategy";
    private static final String FAILURE_STRATEGY = "failure-strategy";
    private static final Map<String, String> FAILURE = Map.of(
            KafkaFailureHandler.Strategy.DEAD_LETTER_QUEUE,
            DeadLetterQueues.IDENTIFIER,
            KafkaDelayedRetryTopic.DELAYED_RETRY_TOPIC_STRATEGY,
            DelayedRetryTopics.IDENTIFIER);

    private final ChannelCommits commits;
    private final EmbeddedChannels embedded;

    @Inject
    OwnStrategies(ChannelCommits commits, EmbeddedChannels embedded) {
        this.commits = commits;
        this.embedded = embedded;
    }

    /** The channel goes straight into that broker; to be told before its strategies are made. */
    public void onEmbedded(String channel, Broker broker) {
        embedded.add(channel, broker);
    }

    /** The report, with channels that have a record which is not acknowledged in time as not healthy. */
    public HealthReport withTroubles(HealthReport report) {
        return commits.withTroubles(report);
    }

    /**
     * The attributes that take the place of what a channel is set to.
     *
     * @param channel with all its defaults
     */
    public static Map<String, Object> of(Config channel) {
        Map<String, Object> own = new HashMap<>();
        commit(channel).ifPresent(name -> own.put(COMMIT_STRATEGY, name));
        channel.getOptionalValue(FAILURE_STRATEGY, String.class)
                .map(FAILURE::get)
                .ifPresent(name -> own.put(FAILURE_STRATEGY, name));
        return own;
    }

    /** The topics in which a channel with its strategies named keeps records for a later attempt. */
    public static List<String> retryTopicsOf(KafkaConnectorIncomingConfiguration channel) {
        return DelayedRetryTopics.IDENTIFIER.equals(channel.getFailureStrategy())
                ? RetrySettings.of(channel).topics()
                : List.of();
    }

    private static Optional<String> commit(Config channel) {
        boolean isAutoCommit = channel.getOptionalValue(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, Boolean.class)
                .orElse(false);
        boolean isThrottled = channel.getOptionalValue(COMMIT_STRATEGY, String.class)
                .map(KafkaCommitHandler.Strategy.THROTTLED::equals)
                .orElse(!isAutoCommit);
        return isThrottled ? Optional.of(ThrottledCommits.IDENTIFIER) : Optional.empty();
    }
}
