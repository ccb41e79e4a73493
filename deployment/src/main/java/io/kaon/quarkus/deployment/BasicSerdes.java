// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.utils.Bytes;
import org.jboss.jandex.DotName;

/** The types that Kafka's own serializers know, by the first part of those serializers' names. */
final class BasicSerdes {
    private static final String PACKAGE = "org.apache.kafka.common.serialization.";
    private static final Map<DotName, String> NAMES = Map.ofEntries(
            Map.entry(DotName.createSimple(short.class), "Short"),
            Map.entry(DotName.createSimple(int.class), "Integer"),
            Map.entry(DotName.createSimple(long.class), "Long"),
            Map.entry(DotName.createSimple(float.class), "Float"),
            Map.entry(DotName.createSimple(double.class), "Double"),
            Map.entry(DotName.createSimple(boolean.class), "Boolean"),
            Map.entry(DotName.createSimple(Short.class), "Short"),
            Map.entry(DotName.createSimple(Integer.class), "Integer"),
            Map.entry(DotName.createSimple(Long.class), "Long"),
            Map.entry(DotName.createSimple(Float.class), "Float"),
            Map.entry(DotName.createSimple(Double.class), "Double"),
            Map.entry(DotName.createSimple(Boolean.class), "Boolean"),
            Map.entry(DotName.createSimple(Void.class), "Void"),
            Map.entry(DotName.createSimple(String.class), "String"),
            Map.entry(DotName.createSimple(UUID.class), "UUID"),
            Map.entry(DotName.createSimple(byte[].class), "ByteArray"),
            Map.entry(DotName.createSimple(ByteBuffer.class), "ByteBuffer"),
            Map.entry(DotName.createSimple(Bytes.class), "Bytes"));

    private BasicSerdes() {}

    static Optional<String> serializer(DotName type) {
        return named(type, "Serializer");
    }

    static Optional<String> deserializer(DotName type) {
        return named(type, "Deserializer");
    }

    private static Optional<String> named(DotName type, String role) {
        return Optional.ofNullable(NAMES.get(type)).map(name -> PACKAGE + name + role);
    }
}
