// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.reply;

import io.smallrye.reactive.messaging.ChannelRegistry;
import io.smallrye.reactive.messaging.EmitterConfiguration;
import io.smallrye.reactive.messaging.EmitterFactory;
import io.smallrye.reactive.messaging.MessageConverter;
import io.smallrye.reactive.messaging.annotations.EmitterFactoryFor;
import io.smallrye.reactive.messaging.kafka.reply.CorrelationIdHandler;
import io.smallrye.reactive.messaging.kafka.reply.KafkaRequestReply;
import io.smallrye.reactive.messaging.kafka.reply.KafkaRequestReplyFactory;
import io.smallrye.reactive.messaging.kafka.reply.ReplyFailureHandler;
import io.smallrye.reactive.messaging.providers.extension.ChannelProducer;
import io.smallrye.reactive.messaging.providers.extension.MutinyEmitterImpl;
import io.smallrye.reactive.messaging.providers.helpers.CDIUtils;
import io.smallrye.reactive.messaging.providers.helpers.ConverterUtils;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.inject.Inject;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Channel;

/**
 * Request and reply on channels of our connector, see {@link RequestReply}. SmallRye's own factory still makes the
 * emitters of channels of {@code smallrye-kafka}.
 */
@Alternative
@Priority(1)
@ApplicationScoped
@EmitterFactoryFor(KafkaRequestReply.class)
public class KaonRequestReplyFactory implements EmitterFactory<MutinyEmitterImpl<Object>> {
    private static final int BEFORE_SOURCES = 48;
    private static final int TYPE_ARGUMENTS = 2;

    @Inject
    RequestReplyChannels channels;

    @Inject
    @EmitterFactoryFor(KafkaRequestReply.class)
    KafkaRequestReplyFactory others;

    @Inject
    ChannelRegistry registry;

    @Inject
    Config config;

    @Inject
    Instance<MessageConverter> converters;

    @Inject
    @Any
    Instance<CorrelationIdHandler> correlationIds;

    @Inject
    @Any
    Instance<ReplyFailureHandler> replyFailures;

    private final List<RequestReply> created = new CopyOnWriteArrayList<>();

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"})
    public MutinyEmitterImpl<Object> createEmitter(EmitterConfiguration emitter, long bufferSize) {
        if (!RequestReplyChannels.isOurs(config, emitter.name())) {
            return (MutinyEmitterImpl) others.createEmitter(emitter, bufferSize);
        }
        RequestReplyChannels.Opened opened = channels.open(emitter.name());
        Config requests = opened.requests();
        String correlation = requests.getOptionalValue(KafkaRequestReply.REPLY_CORRELATION_ID_HANDLER_KEY, String.class)
                .orElse(KafkaRequestReply.DEFAULT_CORRELATION_ID_HANDLER);
        Optional<ReplyFailureHandler> failures = requests.getOptionalValue(
                        KafkaRequestReply.REPLY_FAILURE_HANDLER_KEY, String.class)
                .map(id -> CDIUtils.getInstanceById(replyFailures, id, () -> null));
        RequestReply made = new RequestReply(
                emitter,
                bufferSize,
                opened.settings(),
                opened.source(),
                CDIUtils.getInstanceById(correlationIds, correlation).get(),
                failures);
        created.add(made);
        made.start();
        return made;
    }

    /** What applications inject; in the place of SmallRye's producer, which knows only its own implementation. */
    @Produces
    @Alternative
    @Priority(1)
    @Dependent
    @Typed(KafkaRequestReply.class)
    @Channel("")
    @SuppressWarnings("unchecked")
    <Q, P> KafkaRequestReply<Q, P> requestReply(InjectionPoint injection) {
        String channel = ChannelProducer.getChannelName(injection);
        KafkaRequestReply<Q, P> found = registry.getEmitter(channel, KafkaRequestReply.class);
        Optional<Type> payload = replyType(injection);
        if (payload.isEmpty()) {
            return found;
        }
        if (found instanceof RequestReply ours) {
            ours.convertBy(ConverterUtils.convertFunction(converters, payload.get()));
            return found;
        }
        return new ConvertedReplies<>(found, ConverterUtils.convertFunction(converters, payload.get()));
    }

    private static Optional<Type> replyType(InjectionPoint injection) {
        return injection.getType() instanceof ParameterizedType type
                        && type.getActualTypeArguments().length == TYPE_ARGUMENTS
                ? Optional.of(type.getActualTypeArguments()[TYPE_ARGUMENTS - 1])
                : Optional.empty();
    }

    /** Waits for replies while those who reply, in this application too, still do. */
    void finish(
            @Observes(notifyObserver = Reception.IF_EXISTS)
                    @Priority(BEFORE_SOURCES)
                    @BeforeDestroyed(ApplicationScoped.class)
                    Object event) {
        created.forEach(requestReply -> requestReply.finish().await().indefinitely());
    }
}
