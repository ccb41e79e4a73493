// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.BiConsumer;

/** Makes the failure strategy {@code dead-letter-queue} of channels of the connector {@code kaon}. */
@Singleton
@Identifier(DeadLetterQueues.IDENTIFIER)
@Typed(KafkaFailureHandler.Factory.class)
public class DeadLetterQueues implements KafkaFailureHandler.Factory {
    static final String IDENTIFIER = "kaon-dead-letter-queue";
    private static final String CLIENT_ID_PREFIX = "kafka-dead-letter-topic-producer-";
    private static final String TOPIC_PREFIX = "dead-letter-topic-";

    private final FailedRecordSinks sinks;
    private final ChannelCommits commits;

    @Inject
    DeadLetterQueues(FailedRecordSinks sinks, ChannelCommits commits) {
        this.sinks = sinks;
        this.commits = commits;
    }

    @Override
    public KafkaFailureHandler create(
            KafkaConnectorIncomingConfiguration channel,
            Vertx vertx,
            KafkaConsumer<?, ?> consumer,
            BiConsumer<Throwable, Boolean> reportFailure) {
        return open(sinks, commits, channel, consumer);
    }

    static DeadLetterQueue open(
            FailedRecordSinks sinks,
            ChannelCommits commits,
            KafkaConnectorIncomingConfiguration channel,
            KafkaConsumer<?, ?> consumer) {
        String topic = channel.getDeadLetterQueueTopic().orElse(TOPIC_PREFIX + channel.getChannel());
        FailedRecordSink sink = sinks.open(channel, consumer, CLIENT_ID_PREFIX, topic);
        return new DeadLetterQueue(
                channel.getChannel(), topic, sink, consumer, commits, new WritesAgain(WritesAgain.PAUSE));
    }
}
