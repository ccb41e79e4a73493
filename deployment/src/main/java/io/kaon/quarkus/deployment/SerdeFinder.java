// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.quarkus.deployment.util.JandexUtil;
import io.quarkus.kafka.client.serialization.JsonbDeserializer;
import io.quarkus.kafka.client.serialization.JsonbSerializer;
import io.quarkus.kafka.client.serialization.ObjectMapperDeserializer;
import io.quarkus.kafka.client.serialization.ObjectMapperSerializer;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.Type;

/**
 * Finds the serializer or deserializer for one type, in the order of Quarkus' extension for Kafka: one that the
 * application (or a library of it) has for the type; Kafka's and Vert.x' own; Avro's, if one registry client is there;
 * else one that is generated.
 */
final class SerdeFinder {
    private static final DotName AVRO_GENERATED = DotName.createSimple("org.apache.avro.specific.AvroGenerated");
    private static final DotName AVRO_GENERIC_RECORD = DotName.createSimple("org.apache.avro.generic.GenericRecord");

    private final IndexView index;
    private final Predicate<String> isClassPresent;
    private final Optional<JsonSerdeGenerator> generator;

    /**
     * @param isClassPresent whether the application has a class of that name
     * @param generator empty when nothing is to be generated
     */
    SerdeFinder(IndexView index, Predicate<String> isClassPresent, Optional<JsonSerdeGenerator> generator) {
        this.index = index;
        this.isClassPresent = isClassPresent;
        this.generator = generator;
    }

    Optional<FoundSerde> deserializer(Type type) {
        Optional<FoundSerde> known = implementorFor(Deserializer.class, type)
                .or(() -> BasicSerdes.deserializer(type.name()).map(FoundSerde::of));
        if (known.isPresent() || isAvro(type)) {
            return known.or(() -> avro(type, "Deserializer"));
        }
        return generator.filter(there -> isReadable(type)).map(there -> FoundSerde.json(there.deserializer(type)));
    }

    Optional<FoundSerde> serializer(Type type) {
        Optional<FoundSerde> known = implementorFor(Serializer.class, type)
                .or(() -> BasicSerdes.serializer(type.name()).map(FoundSerde::of));
        if (known.isPresent() || isAvro(type)) {
            return known.or(() -> avro(type, "Serializer"));
        }
        return generator.filter(there -> isReadable(type)).map(there -> FoundSerde.json(there.serializer(type)));
    }

    /** Whether the class reads or writes any type as JSON, or extends one that does. */
    boolean isJson(String className) {
        DotName name = DotName.createSimple(className);
        ClassInfo found = index.getClassByName(name);
        return isJson(name) || found != null && isJson(found.superName());
    }

    /** Whether a class of that name is a serializer as far as the build knows. */
    boolean isSerializer(String className) {
        boolean isGenerated =
                generator.map(there -> there.classes().containsKey(className)).orElse(false);
        return isGenerated || isClassPresent.test(className);
    }

    /**
     * A concrete class that is a serializer or deserializer of exactly this type and that Kafka can make; the first by
     * name, as Quarkus takes it.
     */
    private Optional<FoundSerde> implementorFor(Class<?> contract, Type type) {
        DotName contractName = DotName.createSimple(contract);
        return index.getAllKnownImplementations(contractName).stream()
                .filter(candidate -> !candidate.isAbstract() && !candidate.isInterface())
                .filter(candidate -> candidate.hasNoArgsConstructor() && !isCommon(candidate))
                .filter(candidate -> JandexUtil.resolveTypeParameters(candidate.name(), contractName, index).stream()
                        .anyMatch(argument -> isSame(argument, type)))
                .min(Comparator.comparing(ClassInfo::name))
                .map(found -> new FoundSerde(found.name().toString(), Map.of(), isJson(found.superName())));
    }

    /** Kafka's and Quarkus' own stand in a table, so that a class of the application for their types comes before. */
    private static boolean isCommon(ClassInfo candidate) {
        String name = candidate.name().toString();
        return name.startsWith("org.apache.kafka.") || name.startsWith("io.quarkus.kafka.client.serialization.");
    }

    private static boolean isJson(DotName parent) {
        return Stream.of(
                        ObjectMapperSerializer.class,
                        ObjectMapperDeserializer.class,
                        JsonbSerializer.class,
                        JsonbDeserializer.class)
                .anyMatch(json -> DotName.createSimple(json).equals(parent));
    }

    private static boolean isSame(Type argument, Type type) {
        return type.kind() == Type.Kind.PARAMETERIZED_TYPE
                ? argument.equals(type)
                : argument.name().equals(type.name());
    }

    private boolean isAvro(Type type) {
        return AVRO_GENERIC_RECORD.equals(type.name()) || isAvroGenerated(type);
    }

    private boolean isAvroGenerated(Type type) {
        ClassInfo found = index.getClassByName(type.name());
        return found != null && found.hasDeclaredAnnotation(AVRO_GENERATED);
    }

    /** Empty without a registry client, and with two: then the channel has to name one. */
    private Optional<FoundSerde> avro(Type type, String role) {
        AvroLibrary only = null;
        for (AvroLibrary library : AvroLibrary.values()) {
            if (isClassPresent.test(library.prefix + "Deserializer")) {
                if (only != null) {
                    return Optional.empty();
                }
                only = library;
            }
        }
        if (only == null) {
            return Optional.empty();
        }
        boolean isSpecificReader = role.equals("Deserializer") && isAvroGenerated(type);
        return Optional.of(new FoundSerde(
                only.prefix + role, isSpecificReader ? Map.of(only.specificReader, "true") : Map.of(), false));
    }

    private static boolean isReadable(Type type) {
        boolean isClass = type.kind() == Type.Kind.CLASS && !DotName.OBJECT_NAME.equals(type.name());
        return isClass || type.kind() == Type.Kind.PARAMETERIZED_TYPE;
    }

    /** The two registry clients that Quarkus has extensions for. */
    private enum AvroLibrary {
        CONFLUENT("io.confluent.kafka.serializers.KafkaAvro", "specific.avro.reader"),
        APICURIO("io.apicurio.registry.serde.avro.AvroKafka", "apicurio.registry.use-specific-avro-reader");

        private final String prefix;
        private final String specificReader;

        AvroLibrary(String prefix, String specificReader) {
            this.prefix = prefix;
            this.specificReader = specificReader;
        }
    }
}
