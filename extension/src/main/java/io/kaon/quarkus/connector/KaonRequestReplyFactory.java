// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.reactive.messaging.ClientCustomizer;
import io.smallrye.reactive.messaging.EmitterConfiguration;
import io.smallrye.reactive.messaging.EmitterFactory;
import io.smallrye.reactive.messaging.annotations.EmitterFactoryFor;
import io.smallrye.reactive.messaging.kafka.DeserializationFailureHandler;
import io.smallrye.reactive.messaging.kafka.KafkaCDIEvents;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;
import io.smallrye.reactive.messaging.kafka.reply.CorrelationIdHandler;
import io.smallrye.reactive.messaging.kafka.reply.KafkaRequestReply;
import io.smallrye.reactive.messaging.kafka.reply.KafkaRequestReplyFactory;
import io.smallrye.reactive.messaging.kafka.reply.KafkaRequestReplyImpl;
import io.smallrye.reactive.messaging.kafka.reply.ReplyFailureHandler;
import io.smallrye.reactive.messaging.providers.connectors.ExecutionHolder;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;

/**
 * Request and reply on channels of our connector. SmallRye's own factory knows only the settings of {@code
 * smallrye-kafka}, and a consumer of replies over TCP; it still makes the emitters of that connector's channels.
 */
@Alternative
@Priority(1)
@ApplicationScoped
@EmitterFactoryFor(KafkaRequestReply.class)
public class KaonRequestReplyFactory implements EmitterFactory<KafkaRequestReplyImpl<Object, Object>> {
    @Inject
    @Connector(KaonConnector.CONNECTOR_NAME)
    KaonConnector connector;

    @Inject
    @EmitterFactoryFor(KafkaRequestReply.class)
    KafkaRequestReplyFactory others;

    @Inject
    Config config;

    @Inject
    ExecutionHolder execution;

    @Inject
    KafkaCDIEvents events;

    @Inject
    Instance<OpenTelemetry> telemetry;

    @Inject
    @Any
    Instance<Map<String, Object>> namedSettings;

    @Inject
    @Any
    Instance<KafkaCommitHandler.Factory> commitHandlers;

    @Inject
    @Any
    Instance<KafkaFailureHandler.Factory> failureHandlers;

    @Inject
    @Any
    Instance<ClientCustomizer<Map<String, Object>>> customizers;

    @Inject
    @Any
    Instance<DeserializationFailureHandler<?>> deserializationFailureHandlers;

    @Inject
    @Any
    Instance<CorrelationIdHandler> correlationIds;

    @Inject
    @Any
    Instance<ReplyFailureHandler> replyFailures;

    @Inject
    @Any
    Instance<KafkaConsumerRebalanceListener> rebalanceListeners;

    @Override
    public KafkaRequestReplyImpl<Object, Object> createEmitter(EmitterConfiguration emitter, long bufferSize) {
        if (!RequestReplyConfig.isOurs(config, emitter.name())) {
            return others.createEmitter(emitter, bufferSize);
        }
        return new KafkaRequestReplyImpl<>(
                emitter,
                bufferSize,
                connector.requestReplyConfig(emitter.name()),
                namedSettings,
                execution.vertx(),
                events,
                telemetry,
                commitHandlers,
                failureHandlers,
                customizers,
                deserializationFailureHandlers,
                correlationIds,
                replyFailures,
                rebalanceListeners);
    }
}
