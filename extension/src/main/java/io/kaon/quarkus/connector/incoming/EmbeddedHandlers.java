// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import io.smallrye.reactive.messaging.kafka.commit.ContextHolder;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;
import io.smallrye.reactive.messaging.kafka.i18n.KafkaExceptions;
import io.smallrye.reactive.messaging.kafka.impl.RebalanceListeners;
import io.smallrye.reactive.messaging.providers.connectors.ExecutionHolder;
import io.vertx.core.Context;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.jboss.logging.Logger;

/** Finds the beans that a channel names for commits, failures and rebalances, and makes its handlers. */
@Singleton
class EmbeddedHandlers {
    private static final Logger LOG = Logger.getLogger(EmbeddedHandlers.class);

    private final Instance<KafkaCommitHandler.Factory> commits;
    private final Instance<KafkaFailureHandler.Factory> failures;
    private final Instance<KafkaConsumerRebalanceListener> listeners;
    private final Vertx vertx;

    @Inject
    EmbeddedHandlers(
            @Any Instance<KafkaCommitHandler.Factory> commits,
            @Any Instance<KafkaFailureHandler.Factory> failures,
            @Any Instance<KafkaConsumerRebalanceListener> listeners,
            ExecutionHolder execution) {
        this.commits = commits;
        this.failures = failures;
        this.listeners = listeners;
        this.vertx = execution.vertx();
    }

    /** The one that all channels use. */
    Vertx vertx() {
        return vertx;
    }

    /**
     * The handler of acknowledgements, and has it and the listener told of rebalances.
     *
     * @param context of the channel
     * @throws IllegalArgumentException when there is no such strategy or listener
     */
    KafkaCommitHandler commit(
            KafkaConnectorIncomingConfiguration channel,
            EmbeddedClient client,
            Context context,
            BiConsumer<Throwable, Boolean> reportFailure) {
        String strategy = channel.getCommitStrategy().orElse(defaultStrategy(client));
        Instance<KafkaCommitHandler.Factory> factory = commits.select(Identifier.Literal.of(strategy));
        if (!factory.isResolvable()) {
            throw KafkaExceptions.ex.illegalArgumentInvalidCommitStrategy(strategy);
        }
        LOG.debugf("Channel '%s' commits by strategy '%s'", channel.getChannel(), strategy);
        KafkaCommitHandler handler = factory.get().create(channel, vertx, client, reportFailure);
        capture(handler, context);
        client.setRebalanceListener(
                RebalanceListeners.findMatchingListener(channel, client.getConsumerGroup(), listeners), handler);
        return handler;
    }

    private static String defaultStrategy(EmbeddedClient client) {
        return Boolean.parseBoolean(client.get(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG))
                ? KafkaCommitHandler.Strategy.IGNORE
                : KafkaCommitHandler.Strategy.THROTTLED;
    }

    /**
     * The handler of negative acknowledgements.
     *
     * @throws IllegalArgumentException when there is no such strategy
     */
    KafkaFailureHandler failure(
            KafkaConnectorIncomingConfiguration channel,
            EmbeddedClient client,
            Context context,
            BiConsumer<Throwable, Boolean> reportFailure) {
        String strategy = channel.getFailureStrategy();
        Instance<KafkaFailureHandler.Factory> factory = failures.select(Identifier.Literal.of(strategy));
        if (!factory.isResolvable()) {
            throw KafkaExceptions.ex.illegalArgumentInvalidFailureStrategy(strategy);
        }
        KafkaFailureHandler handler = factory.get().create(channel, vertx, client, reportFailure);
        capture(handler, context);
        return handler;
    }

    private static void capture(Object handler, Context context) {
        if (handler instanceof ContextHolder holder) {
            holder.capture(context);
        }
    }
}
