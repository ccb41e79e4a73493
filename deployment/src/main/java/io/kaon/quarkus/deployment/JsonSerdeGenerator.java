// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import com.fasterxml.jackson.core.type.TypeReference;
import io.quarkus.gizmo.ClassCreator;
import io.quarkus.gizmo.MethodCreator;
import io.quarkus.gizmo.MethodDescriptor;
import io.quarkus.gizmo.ResultHandle;
import io.quarkus.kafka.client.serialization.ObjectMapperDeserializer;
import io.quarkus.kafka.client.serialization.ObjectMapperSerializer;
import io.quarkus.runtime.util.HashUtil;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jboss.jandex.DotName;
import org.jboss.jandex.Type;

/**
 * Writes classes that read and write one type as JSON, with the application's mapper. Kafka makes them by their names
 * alone, so the type is built in. The names follow from the type: a second build gives the same classes, and the
 * serializer has the name that SmallRye's strategies for failed records derive from that of the deserializer.
 */
final class JsonSerdeGenerator {
    private static final String DESERIALIZER = "_KaonDeserializer";
    private static final String SERIALIZER = "_KaonSerializer";
    private static final String TYPE = "_KaonType";
    /** Classes of the JDK cannot have neighbours in their package. */
    private static final String PACKAGE_FOR_JDK_TYPES = "io.kaon.generated.";

    private static final int HASH_LENGTH = 8;

    private final Map<String, byte[]> classes = new TreeMap<>();

    /** What was written, by class names with dots. */
    Map<String, byte[]> classes() {
        return classes;
    }

    /** The name of a deserializer for a class or a type with arguments; its serializer is written too. */
    String deserializer(Type type) {
        serializer(type);
        String name = baseName(type) + DESERIALIZER;
        if (!classes.containsKey(name)) {
            try (ClassCreator creator = creator(name, ObjectMapperDeserializer.class, type)) {
                MethodCreator constructor = creator.getMethodCreator("<init>", void.class);
                boolean isClass = type.kind() == Type.Kind.CLASS;
                ResultHandle target = isClass
                        ? constructor.loadClassFromTCCL(type.name().toString())
                        : constructor.newInstance(MethodDescriptor.ofConstructor(typeReference(type)));
                constructor.invokeSpecialMethod(
                        MethodDescriptor.ofConstructor(
                                ObjectMapperDeserializer.class, isClass ? Class.class : TypeReference.class),
                        constructor.getThis(),
                        target);
                constructor.returnValue(null);
            }
        }
        return name;
    }

    /** The name of a serializer for a class or a type with arguments. */
    String serializer(Type type) {
        String name = baseName(type) + SERIALIZER;
        if (!classes.containsKey(name)) {
            creator(name, ObjectMapperSerializer.class, type).close();
        }
        return name;
    }

    private String typeReference(Type type) {
        String name = baseName(type) + TYPE;
        creator(name, TypeReference.class, type).close();
        return name;
    }

    private ClassCreator creator(String name, Class<?> parent, Type argument) {
        return ClassCreator.builder()
                .classOutput((file, bytes) -> classes.put(file.replace('/', '.'), bytes))
                .className(name)
                .superClass(parent)
                .signature("L" + slashes(parent.getName()) + "<" + signature(argument) + ">;")
                .build();
    }

    private static String baseName(Type type) {
        String name = type.name().toString();
        String hash = type.kind() == Type.Kind.CLASS
                ? ""
                : "_" + HashUtil.sha1(type.toString()).substring(0, HASH_LENGTH);
        return (name.startsWith("java.") ? PACKAGE_FOR_JDK_TYPES + simpleName(type.name()) : name) + hash;
    }

    private static String simpleName(DotName name) {
        return name.withoutPackagePrefix();
    }

    private static String signature(Type type) {
        return switch (type.kind()) {
            case PARAMETERIZED_TYPE ->
                "L" + slashes(type.name().toString()) + "<"
                        + type.asParameterizedType().arguments().stream()
                                .map(JsonSerdeGenerator::signature)
                                .collect(Collectors.joining())
                        + ">;";
            case ARRAY ->
                "[".repeat(type.asArrayType().dimensions())
                        + signature(type.asArrayType().constituent());
            default -> type.descriptor();
        };
    }

    private static String slashes(String name) {
        return name.replace('.', '/');
    }
}
