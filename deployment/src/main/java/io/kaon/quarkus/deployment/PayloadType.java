// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.quarkus.arc.processor.KotlinUtils;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.operators.multi.split.MultiSplitter;
import io.smallrye.reactive.messaging.GenericPayload;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.Targeted;
import io.smallrye.reactive.messaging.TargetedMessages;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecordBatch;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import io.smallrye.reactive.messaging.kafka.OutgoingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.Record;
import io.smallrye.reactive.messaging.kafka.reply.KafkaRequestReply;
import io.smallrye.reactive.messaging.kafka.transactions.KafkaTransactions;
import io.smallrye.reactive.messaging.keyed.KeyedMulti;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.streams.operators.ProcessorBuilder;
import org.eclipse.microprofile.reactive.streams.operators.PublisherBuilder;
import org.eclipse.microprofile.reactive.streams.operators.SubscriberBuilder;
import org.jboss.jandex.DotName;
import org.jboss.jandex.MethodInfo;
import org.jboss.jandex.Type;

/**
 * What a channel carries, read off the signature of the method or the type of the injection point that uses it.
 *
 * @param key the type of record keys, empty when the signature does not say
 * @param value the type of record values
 * @param batch whether whole batches are taken
 */
record PayloadType(Optional<Type> key, Type value, boolean batch) {
    private static final String CONTEXTUAL_EMITTER = "io.quarkus.smallrye.reactivemessaging.runtime.ContextualEmitter";

    /** Types whose first argument is, or leads to, the payload. */
    private static final Set<DotName> WRAPPERS = names(
            Message.class,
            GenericPayload.class,
            CompletionStage.class,
            Uni.class,
            Multi.class,
            MultiSplitter.class,
            Flow.Publisher.class,
            org.reactivestreams.Publisher.class,
            PublisherBuilder.class);

    private static final Set<DotName> SUBSCRIBERS =
            names(Flow.Subscriber.class, org.reactivestreams.Subscriber.class, SubscriberBuilder.class);
    private static final Set<DotName> PROCESSORS =
            names(Flow.Processor.class, org.reactivestreams.Processor.class, ProcessorBuilder.class);
    private static final Set<DotName> EMITTERS = Stream.concat(
                    names(Emitter.class, MutinyEmitter.class, KafkaTransactions.class, KafkaRequestReply.class)
                            .stream(),
                    Stream.of(DotName.createSimple(CONTEXTUAL_EMITTER)))
            .collect(Collectors.toSet());
    private static final Set<DotName> STREAMS =
            names(Multi.class, Flow.Publisher.class, org.reactivestreams.Publisher.class, PublisherBuilder.class);
    private static final Set<DotName> KEYED = names(
            KafkaRecord.class,
            IncomingKafkaRecord.class,
            OutgoingKafkaRecord.class,
            Record.class,
            ProducerRecord.class,
            ConsumerRecord.class,
            KeyedMulti.class);
    private static final Set<DotName> KEYED_BATCHES =
            names(KafkaRecordBatch.class, IncomingKafkaRecordBatch.class, ConsumerRecords.class);
    private static final Set<DotName> TARGETS = names(Targeted.class, TargetedMessages.class);
    private static final DotName TRANSACTIONS = DotName.createSimple(KafkaTransactions.class);
    private static final DotName REQUEST_REPLY = DotName.createSimple(KafkaRequestReply.class);
    private static final DotName LIST = DotName.createSimple(List.class);

    /** What a method with {@code @Incoming} takes. */
    static Optional<PayloadType> incoming(MethodInfo method) {
        if (method.parametersCount() > 0) {
            return received(method.parameterType(0));
        }
        Type returned = method.returnType();
        boolean takes = SUBSCRIBERS.contains(returned.name()) || PROCESSORS.contains(returned.name());
        return takes ? argument(returned, 0).flatMap(PayloadType::received) : Optional.empty();
    }

    /** What a method with {@code @Outgoing} gives. */
    static Optional<PayloadType> outgoing(MethodInfo method) {
        if (KotlinUtils.isKotlinSuspendMethod(method)) {
            return sent(KotlinUtils.getKotlinSuspendMethodResult(method));
        }
        Type returned = method.returnType();
        return PROCESSORS.contains(returned.name()) ? argument(returned, 1).flatMap(PayloadType::sent) : sent(returned);
    }

    /** What an injected {@code @Channel} stream delivers; empty when an emitter is injected. */
    static Optional<PayloadType> injectedStream(Type type) {
        Type injected = withoutInstance(type);
        return STREAMS.contains(injected.name()) ? received(injected) : Optional.empty();
    }

    /** What an injected {@code @Channel} emitter sends; empty when a stream is injected. */
    static Optional<PayloadType> injectedEmitter(Type type) {
        Type injected = withoutInstance(type);
        return EMITTERS.contains(injected.name()) ? argument(injected, 0).flatMap(PayloadType::sent) : Optional.empty();
    }

    /** What the answers to an injected emitter of requests are; empty for anything else. */
    static Optional<PayloadType> reply(Type type) {
        Type injected = withoutInstance(type);
        return REQUEST_REPLY.equals(injected.name())
                ? argument(injected, 1).flatMap(PayloadType::received)
                : Optional.empty();
    }

    /** A list of payloads is a batch where it is received. */
    private static Optional<PayloadType> received(Type type) {
        return of(type, true);
    }

    /** A list is one payload where it is sent. */
    private static Optional<PayloadType> sent(Type type) {
        return of(type, false);
    }

    private static Optional<PayloadType> of(Type type, boolean isReceived) {
        DotName name = type.name();
        if (TARGETS.contains(name) || type.kind() == Type.Kind.VOID) {
            return Optional.empty();
        }
        if (WRAPPERS.contains(name)) {
            return argument(type, 0).flatMap(inner -> of(inner, isReceived));
        }
        if (LIST.equals(name) && isReceived) {
            return argument(type, 0)
                    .flatMap(inner -> of(inner, false))
                    .map(element -> new PayloadType(element.key(), element.value(), true));
        }
        if (KEYED.contains(name) || KEYED_BATCHES.contains(name)) {
            return argument(type, 1)
                    .map(value -> new PayloadType(argument(type, 0), value, KEYED_BATCHES.contains(name)));
        }
        return isPlain(type) ? Optional.of(new PayloadType(Optional.empty(), type, false)) : Optional.empty();
    }

    /** Whether it says all about itself: neither a variable nor a wildcard, nor a type with one of those in it. */
    private static boolean isPlain(Type type) {
        return switch (type.kind()) {
            case CLASS, ARRAY, PRIMITIVE -> true;
            case PARAMETERIZED_TYPE ->
                type.asParameterizedType().arguments().stream().allMatch(PayloadType::isPlain);
            default -> false;
        };
    }

    /** Whether what is injected sends in transactions. */
    static boolean isTransactional(Type type) {
        return TRANSACTIONS.equals(withoutInstance(type).name());
    }

    private static Type withoutInstance(Type type) {
        boolean lazy = Set.of(
                        "jakarta.enterprise.inject.Instance",
                        "jakarta.inject.Provider",
                        "io.quarkus.arc.InjectableInstance")
                .contains(type.name().toString());
        return lazy ? argument(type, 0).orElse(type) : type;
    }

    private static Optional<Type> argument(Type type, int index) {
        if (type.kind() != Type.Kind.PARAMETERIZED_TYPE) {
            return Optional.empty();
        }
        List<Type> arguments = type.asParameterizedType().arguments();
        return index < arguments.size() ? Optional.of(arguments.get(index)) : Optional.empty();
    }

    private static Set<DotName> names(Class<?>... types) {
        return Stream.of(types).map(DotName::createSimple).collect(Collectors.toSet());
    }
}
