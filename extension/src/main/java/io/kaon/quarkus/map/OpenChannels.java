// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.map;

import io.kaon.broker.Broker;
import io.kaon.quarkus.map.ChannelDescription.Direction;
import io.kaon.quarkus.map.ChannelDescription.Key;
import io.kaon.quarkus.map.ChannelDescription.Strategies;
import io.kaon.quarkus.map.ChannelDescription.Topics;
import io.kaon.quarkus.pause.ChannelPauses;
import io.smallrye.reactive.messaging.health.HealthReport;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorOutgoingConfiguration;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.smallrye.reactive.messaging.kafka.fault.KafkaDelayedRetryTopic;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;
import io.smallrye.reactive.messaging.kafka.impl.KafkaSource;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The channels of the connector {@code kaon} that have been opened, told by the connector. Any thread. */
@Singleton
public class OpenChannels {
    private static final String CONNECTOR = "kaon";
    private static final String OWN_PREFIX = CONNECTOR + "-";
    private static final String UNPROCESSED_ACTION = "throttled.unprocessed-record-action";

    /**
     * A channel that was opened.
     *
     * @param broker that of this application, if the channel needs no socket
     */
    public record Opened(ChannelDescription description, Optional<Broker> broker) {}

    private final Map<Key, Opened> open = new ConcurrentHashMap<>();
    private final ChannelPauses pauses;

    @Inject
    public OpenChannels(ChannelPauses pauses) {
        this.pauses = pauses;
    }

    /** The report of all channels, with a word at those that are paused. */
    public HealthReport told(HealthReport report) {
        return pauses.told(report);
    }

    /**
     * An incoming channel was opened.
     *
     * @param settings all that hold for it
     * @param retryTopics where its failure strategy sends records that are tried again
     */
    public void incoming(
            KafkaConnectorIncomingConfiguration settings, Optional<Broker> broker, List<String> retryTopics) {
        Key key = new Key(Direction.INCOMING, settings.getChannel());
        add(key, broker, topics(settings), strategies(settings, retryTopics));
    }

    /** An outgoing channel was opened. */
    public void outgoing(KafkaConnectorOutgoingConfiguration settings, Optional<Broker> broker) {
        Topics topics = new Topics(List.of(settings.getTopic().orElseGet(settings::getChannel)), Optional.empty());
        add(new Key(Direction.OUTGOING, settings.getChannel()), broker, topics, Strategies.NONE);
    }

    private void add(Key key, Optional<Broker> broker, Topics topics, Strategies strategies) {
        ChannelDescription description =
                new ChannelDescription(key, Optional.of(CONNECTOR), broker.isPresent(), topics, strategies);
        open.put(key, new Opened(description, broker));
    }

    /** The channel, if it is one of ours and was opened. */
    public Optional<Opened> find(Key key) {
        return Optional.ofNullable(open.get(key));
    }

    static Topics topics(KafkaConnectorIncomingConfiguration settings) {
        return settings.getPattern()
                ? new Topics(List.of(), settings.getTopic())
                : new Topics(KafkaSource.getTopics(settings).stream().sorted().toList(), Optional.empty());
    }

    static Strategies strategies(KafkaConnectorIncomingConfiguration settings, List<String> retryTopics) {
        String failure = plain(settings.getFailureStrategy());
        boolean isRetried = KafkaDelayedRetryTopic.DELAYED_RETRY_TOPIC_STRATEGY.equals(failure);
        boolean isKept = KafkaFailureHandler.Strategy.DEAD_LETTER_QUEUE.equals(failure)
                || settings.config()
                        .getOptionalValue(UNPROCESSED_ACTION, String.class)
                        .filter(KafkaFailureHandler.Strategy.DEAD_LETTER_QUEUE::equals)
                        .isPresent();
        Optional<String> deadLetters = isKept
                ? Optional.of(settings.getDeadLetterQueueTopic()
                        .orElseGet(() -> "dead-letter-topic-" + settings.getChannel()))
                : settings.getDeadLetterQueueTopic().filter(topic -> isRetried);
        String commit = settings.getCommitStrategy()
                .map(OpenChannels::plain)
                .orElse(KafkaCommitHandler.Strategy.IGNORE); // The client commits by itself.
        return new Strategies(
                Optional.of(commit), Optional.of(failure), deadLetters, isRetried ? retryTopics : List.of());
    }

    /** The name that users write. */
    private static String plain(String strategy) {
        return strategy.startsWith(OWN_PREFIX) ? strategy.substring(OWN_PREFIX.length()) : strategy;
    }
}
