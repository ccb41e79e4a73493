// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import static io.quarkus.smallrye.reactivemessaging.runtime.ReactiveMessagingConfiguration.getChannelPropertyName;

import io.kaon.quarkus.connector.KaonConnector;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationTarget;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.Type;

/**
 * Finds what the channels of our connector need from the types that their methods take and give: serializers and
 * deserializers, and that a method takes batches; a channel for transactions gets a transactional.id as well. What it
 * finds are defaults. They give way to what the application sets, so nothing is looked for where that is known already.
 */
final class SerdeDiscovery {
    private static final DotName INCOMING = DotName.createSimple(Incoming.class);
    private static final DotName OUTGOING = DotName.createSimple(Outgoing.class);
    private static final DotName CHANNEL = DotName.createSimple(Channel.class);
    private static final String CONNECTOR_PREFIX = "mp.messaging.connector." + KaonConnector.CONNECTOR_NAME + ".";

    private final IndexView index;
    private final SerdeFinder finder;
    private final Config config;
    private final Set<String> incoming;
    private final Set<String> outgoing;
    private final Map<String, String> found = new HashMap<>();
    private final Set<Type> jsonTypes = new HashSet<>();

    /**
     * @param config what is set while the application is built
     * @param incoming the names of the incoming channels of our connector
     * @param outgoing the names of its outgoing channels
     */
    SerdeDiscovery(IndexView index, SerdeFinder finder, Config config, Set<String> incoming, Set<String> outgoing) {
        this.index = index;
        this.finder = finder;
        this.config = config;
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
            injectedType(annotation.target()).ifPresent(type -> injected(channel(annotation), type));
        }
        return found;
    }

    /** After {@link #defaults}: the types that are read or written member by member. */
    Set<Type> jsonTypes() {
        return jsonTypes;
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

    private void injected(String channel, Type type) {
        PayloadType.injectedStream(type).ifPresent(payload -> received(channel, payload));
        PayloadType.injectedEmitter(type).ifPresent(payload -> sent(channel, payload));
        PayloadType.reply(type).ifPresent(payload -> replied(channel, payload));
        if (PayloadType.isTransactional(type)) {
            transactional(channel);
        }
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

    private void replied(String channel, PayloadType type) {
        if (outgoing.contains(channel)) {
            type.key().ifPresent(key -> replyDeserializer(channel, "key", key));
            replyDeserializer(channel, "value", type.value());
        }
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
        String attribute = part + ".deserializer";
        if (isSet(channel, attribute, true)) {
            noteJson(channel, attribute, type, true);
            return;
        }
        finder.deserializer(type).ifPresent(serde -> {
            use(channel, attribute, serde, type, true);
            if (!finder.isSerializer(serde.mirror())) {
                // Strategies for failed records would look for a class that is not there.
                finder.serializer(type)
                        .ifPresent(back ->
                                set(channel, "dead-letter-queue." + part + ".serializer", back.className(), true));
            }
        });
    }

    private void serializer(String channel, String part, Type type) {
        String attribute = part + ".serializer";
        if (isSet(channel, attribute, false)) {
            noteJson(channel, attribute, type, false);
            return;
        }
        if (part.equals("value") && isStructuredCloudEvent(channel)) {
            // The connector writes the JSON of the whole event itself.
            set(channel, attribute, StringSerializer.class.getName(), false);
        } else {
            finder.serializer(type).ifPresent(serde -> use(channel, attribute, serde, type, false));
        }
    }

    private boolean isStructuredCloudEvent(String channel) {
        String attribute = "cloud-events-mode";
        return config.getOptionalValue(getChannelPropertyName(channel, attribute, false), String.class)
                .or(() -> config.getOptionalValue(CONNECTOR_PREFIX + attribute, String.class))
                .filter("structured"::equalsIgnoreCase)
                .isPresent();
    }

    private void replyDeserializer(String channel, String part, Type type) {
        String attribute = "reply." + part + ".deserializer";
        if (!isSet(channel, attribute, false)) {
            finder.deserializer(type).ifPresent(serde -> use(channel, attribute, serde, type, false));
        }
    }

    private void use(String channel, String attribute, FoundSerde serde, Type type, boolean isIncoming) {
        set(channel, attribute, serde.className(), isIncoming);
        serde.attributes().forEach((name, value) -> set(channel, name, value, isIncoming));
        if (serde.json()) {
            jsonTypes.add(type);
        }
    }

    /** A class that the application names itself may read or write members by reflection as well. */
    private void noteJson(String channel, String attribute, Type type, boolean isIncoming) {
        config.getOptionalValue(getChannelPropertyName(channel, attribute, isIncoming), String.class)
                .or(() -> config.getOptionalValue(CONNECTOR_PREFIX + attribute, String.class))
                .filter(finder::isJson)
                .ifPresent(name -> jsonTypes.add(type));
    }

    private boolean isSet(String channel, String attribute, boolean isIncoming) {
        return isSet(getChannelPropertyName(channel, attribute, isIncoming)) || isSet(CONNECTOR_PREFIX + attribute);
    }

    private boolean isSet(String key) {
        return config.getOptionalValue(key, String.class).isPresent();
    }

    private void set(String channel, String attribute, String value, boolean isIncoming) {
        if (!isSet(CONNECTOR_PREFIX + attribute)) {
            found.putIfAbsent(getChannelPropertyName(channel, attribute, isIncoming), value);
        }
    }
}
