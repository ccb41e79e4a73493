// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.utils.Bytes;
import org.jboss.jandex.DotName;

/** The types that Kafka's and Quarkus' own serializers know, by the first part of those serializers' names. */
final class BasicSerdes {
    private static final String KAFKA = "org.apache.kafka.common.serialization.";
    private static final String QUARKUS = "io.quarkus.kafka.client.serialization.";
    private static final Map<DotName, String> NAMES = Map.ofEntries(
            Map.entry(DotName.createSimple(short.class), KAFKA + "Short"),
            Map.entry(DotName.createSimple(int.class), KAFKA + "Integer"),
            Map.entry(DotName.createSimple(long.class), KAFKA + "Long"),
            Map.entry(DotName.createSimple(float.class), KAFKA + "Float"),
            Map.entry(DotName.createSimple(double.class), KAFKA + "Double"),
            Map.entry(DotName.createSimple(boolean.class), KAFKA + "Boolean"),
            Map.entry(DotName.createSimple(Short.class), KAFKA + "Short"),
            Map.entry(DotName.createSimple(Integer.class), KAFKA + "Integer"),
            Map.entry(DotName.createSimple(Long.class), KAFKA + "Long"),
            Map.entry(DotName.createSimple(Float.class), KAFKA + "Float"),
            Map.entry(DotName.createSimple(Double.class), KAFKA + "Double"),
            Map.entry(DotName.createSimple(Boolean.class), KAFKA + "Boolean"),
            Map.entry(DotName.createSimple(Void.class), KAFKA + "Void"),
            Map.entry(DotName.createSimple(String.class), KAFKA + "String"),
            Map.entry(DotName.createSimple(UUID.class), KAFKA + "UUID"),
            Map.entry(DotName.createSimple(byte[].class), KAFKA + "ByteArray"),
            Map.entry(DotName.createSimple(ByteBuffer.class), KAFKA + "ByteBuffer"),
            Map.entry(DotName.createSimple(Bytes.class), KAFKA + "Bytes"),
            Map.entry(DotName.createSimple(Buffer.class), QUARKUS + "Buffer"),
            Map.entry(DotName.createSimple(JsonObject.class), QUARKUS + "JsonObject"),
            Map.entry(DotName.createSimple(JsonArray.class), QUARKUS + "JsonArray"));

    private BasicSerdes() {}

    static Optional<String> serializer(DotName type) {
        return named(type, "Serializer");
    }

    static Optional<String> deserializer(DotName type) {
        return named(type, "Deserializer");
    }

    private static Optional<String> named(DotName type, String role) {
        return Optional.ofNullable(NAMES.get(type)).map(name -> name + role);
    }
}
