// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import static io.quarkus.smallrye.reactivemessaging.runtime.ReactiveMessagingConfiguration.getChannelPropertyName;

import io.kaon.quarkus.connector.KaonConnector;
import io.kaon.quarkus.serialization.JsonDeserializer;
import io.kaon.quarkus.serialization.JsonSerializer;
import io.quarkus.deployment.util.JandexUtil;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationTarget;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.Type;

/**
 * Finds serializers and deserializers for the channels of our connector by the types that their methods take and give:
 * one that the application wrote for the type, else Kafka's own for basic types, else JSON. A channel for transactions
 * gets a transactional.id as well. What it finds are defaults; a setting of the channel wins anyway, and one of the connector makes it leave the channel alone.
 */
final class SerdeDiscovery {
    private static final DotName INCOMING = DotName.createSimple(Incoming.class);
    private static final DotName OUTGOING = DotName.createSimple(Outgoing.class);
    private static final DotName CHANNEL = DotName.createSimple(Channel.class);
    private static final String CONNECTOR_PREFIX = "mp.messaging.connector." + KaonConnector.CONNECTOR_NAME + ".";

    private final IndexView index;
    private final Set<String> incoming;
    private final Set<String> outgoing;
    private final Map<String, String> found = new HashMap<>();

    /**
     * @param incoming the names of the incoming channels of our connector
     * @param outgoing the names of its outgoing channels
     */
    SerdeDiscovery(IndexView index, Set<String> incoming, Set<String> outgoing) {
        this.index = index;
        this.incoming = incoming;
        this.outgoing = outgoing;
    }

    /** Channel settings by their full names. The map is the caller's. */
    Map<String, String> defaults() {
        for (AnnotationInstance annotation : index.getAnnotationsWithRepeatable(INCOMING, index)) {
            if (annotation.target().kind() == AnnotationTarget.Kind.METHOD) {
                PayloadType.incoming(annotation.target().asMethod())
                        .ifPresent(type -> received(channel(annotation), type));
            }
        }
        for (AnnotationInstance annotation : index.getAnnotationsWithRepeatable(OUTGOING, index)) {
            if (annotation.target().kind() == AnnotationTarget.Kind.METHOD) {
                PayloadType.outgoing(annotation.target().asMethod()).ifPresent(type -> sent(channel(annotation), type));
            }
        }
        for (AnnotationInstance annotation : index.getAnnotations(CHANNEL)) {
            injectedType(annotation.target()).ifPresent(type -> {
                PayloadType.injectedStream(type).ifPresent(payload -> received(channel(annotation), payload));
                PayloadType.injectedEmitter(type).ifPresent(payload -> sent(channel(annotation), payload));
                if (PayloadType.isTransactional(type)) {
                    transactional(channel(annotation));
                }
            });
        }
        return found;
    }

    private static String channel(AnnotationInstance annotation) {
        return annotation.value().asString();
    }

    private static Optional<Type> injectedType(AnnotationTarget target) {
        return switch (target.kind()) {
            case FIELD -> Optional.of(target.asField().type());
            case METHOD_PARAMETER -> Optional.of(target.asMethodParameter().type());
            default -> Optional.empty();
        };
    }

    private void received(String channel, PayloadType type) {
        if (!incoming.contains(channel)) {
            return;
        }
        type.key().ifPresent(key -> deserializer(channel, "key", key));
        deserializer(channel, "value", type.value());
        if (type.batch()) {
            set(channel, "batch", "true", true);
        }
    }

    private void sent(String channel, PayloadType type) {
        if (!outgoing.contains(channel)) {
            return;
        }
        type.key().ifPresent(key -> serializer(channel, "key", key));
        serializer(channel, "value", type.value());
    }

    /** As Quarkus' extension for Kafka sets them. The id tells the producers of an application from those of others. */
    private void transactional(String channel) {
        if (outgoing.contains(channel)) {
            set(channel, "transactional.id", "${quarkus.application.name}-" + channel, false);
            set(channel, "enable.idempotence", "true", false);
            set(channel, "acks", "all", false);
        }
    }

    private void deserializer(String channel, String part, Type type) {
        Optional<String> known =
                implementorFor(Deserializer.class, type).or(() -> BasicSerdes.deserializer(type.name()));
        String attribute = part + ".deserializer";
        if (known.isPresent()) {
            set(channel, attribute, known.get(), true);
        } else if (type.kind() == Type.Kind.CLASS) {
            set(channel, attribute, JsonDeserializer.class.getName(), true);
            set(channel, JsonDeserializer.TYPE_PREFIX + part, type.name().toString(), true);
        }
    }

    private void serializer(String channel, String part, Type type) {
        String attribute = part + ".serializer";
        implementorFor(Serializer.class, type)
                .or(() -> BasicSerdes.serializer(type.name()))
                .or(() ->
                        type.kind() == Type.Kind.CLASS ? Optional.of(JsonSerializer.class.getName()) : Optional.empty())
                .ifPresent(name -> set(channel, attribute, name, false));
    }

    /** A concrete class of the application that is a serializer or deserializer of exactly this type. */
    private Optional<String> implementorFor(Class<?> contract, Type type) {
        DotName contractName = DotName.createSimple(contract);
        return index.getAllKnownImplementations(contractName).stream()
                .filter(candidate -> !candidate.isAbstract() && !candidate.isInterface())
                .filter(candidate -> JandexUtil.resolveTypeParameters(candidate.name(), contractName, index).stream()
                        .anyMatch(argument -> argument.name().equals(type.name())))
                .map(ClassInfo::name)
                .min(Comparator.naturalOrder())
                .map(DotName::toString);
    }

    private void set(String channel, String attribute, String value, boolean isIncoming) {
        boolean settledByConnector = ConfigProvider.getConfig()
                .getOptionalValue(CONNECTOR_PREFIX + attribute, String.class)
                .isPresent();
        if (!settledByConnector) {
            found.putIfAbsent(getChannelPropertyName(channel, attribute, isIncoming), value);
        }
    }
}
