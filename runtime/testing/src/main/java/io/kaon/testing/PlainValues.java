// SPDX-License-Identifier: Apache-2.0
package io.kaon.testing;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.ByteBufferSerializer;
import org.apache.kafka.common.serialization.BytesSerializer;
import org.apache.kafka.common.serialization.DoubleSerializer;
import org.apache.kafka.common.serialization.FloatSerializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.ShortSerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.serialization.UUIDSerializer;
import org.apache.kafka.common.utils.Bytes;

/** Chooses a serializer by the class of a key or value: Kafka's own for its plain types, and those that a test adds. */
final class PlainValues {
    private final Map<Class<?>, Serializer<?>> serializers = new LinkedHashMap<>();

    PlainValues() {
        serializers.put(String.class, new StringSerializer());
        serializers.put(byte[].class, new ByteArraySerializer());
        serializers.put(Integer.class, new IntegerSerializer());
        serializers.put(Long.class, new LongSerializer());
        serializers.put(Short.class, new ShortSerializer());
        serializers.put(Double.class, new DoubleSerializer());
        serializers.put(Float.class, new FloatSerializer());
        serializers.put(UUID.class, new UUIDSerializer());
        serializers.put(ByteBuffer.class, new ByteBufferSerializer());
        serializers.put(Bytes.class, new BytesSerializer());
    }

    synchronized <T> void add(Class<T> type, Serializer<? super T> serializer) {
        serializers.put(type, serializer);
    }

    /** The bytes of a key or value; none for a tombstone, which has no value. */
    byte[] bytesOf(String topic, Headers headers, Object value) {
        return value == null ? null : serializerOf(value).serialize(topic, headers, value);
    }

    @SuppressWarnings("unchecked") // Kept by the class that the serializer is for.
    private synchronized Serializer<Object> serializerOf(Object value) {
        for (Map.Entry<Class<?>, Serializer<?>> entry : serializers.entrySet()) {
            if (entry.getKey().isInstance(value)) {
                return (Serializer<Object>) entry.getValue();
            }
        }
        throw new IllegalArgumentException(
                "There is no serializer for " + value.getClass().getName() + ": say KaonClient.serializing("
                        + value.getClass().getSimpleName() + ".class, serializer) first");
    }
}
