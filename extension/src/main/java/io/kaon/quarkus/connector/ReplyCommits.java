// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import io.kaon.quarkus.EmbeddedBroker;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.smallrye.reactive.messaging.kafka.impl.ReactiveKafkaConsumer;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.function.BiConsumer;

/**
 * Where a consumer of replies gets a client without a socket. SmallRye makes that consumer itself, out of our reach;
 * but it asks for the handler of its commits before it uses the client, and names the client when it asks.
 */
@ApplicationScoped
@Identifier(ReplyCommits.STRATEGY)
public class ReplyCommits implements KafkaCommitHandler.Factory {
    /** The commit strategy that stands before the one that the channel asks for. */
    static final String STRATEGY = "kaon-replies";
    /** The attribute that keeps the latter. */
    static final String ASKED_FOR = "kaon-reply-commit-strategy";

    @Inject
    EmbeddedBroker embedded;

    @Inject
    EmbeddedClients clients;

    @Inject
    @Any
    Instance<KafkaCommitHandler.Factory> handlers;

    @Override
    public KafkaCommitHandler create(
            KafkaConnectorIncomingConfiguration channel,
            Vertx vertx,
            KafkaConsumer<?, ?> consumer,
            BiConsumer<Throwable, Boolean> reportFailure) {
        if (consumer instanceof ReactiveKafkaConsumer<?, ?> client) {
            embedded.broker().ifPresent(broker -> clients.injectReplies(broker, channel, client));
        }
        String strategy = channel.config().getValue(ASKED_FOR, String.class);
        Instance<KafkaCommitHandler.Factory> asked = handlers.select(Identifier.Literal.of(strategy));
        if (!asked.isResolvable()) {
            throw new IllegalArgumentException("The channel '" + channel.getChannel()
                    + "' asks for the commit strategy '" + strategy + "', and there is no bean with that identifier");
        }
        return asked.get().create(channel, vertx, consumer, reportFailure);
    }
}
