// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.serialization;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads JSON with the application's Jackson mapper. The class to read is the attribute {@value #TYPE_PREFIX}{@code
 * value} (or {@code key}) of the channel, which is found while the application is built.
 */
public final class JsonDeserializer implements Deserializer<Object> {
    /** Followed by {@code key} or {@code value}: the attribute with the name of the class to read. */
    public static final String TYPE_PREFIX = "kaon.json.type.";

    private ObjectMapper mapper;
    private JavaType type;

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        String attribute = TYPE_PREFIX + (isKey ? "key" : "value");
        Object className = configs.get(attribute);
        if (className == null) {
            throw new SerializationException("The attribute " + attribute + " must name the class to read from JSON");
        }
        mapper = JsonMappers.applicationMapper();
        type = mapper.constructType(load(className.toString()));
    }

    @Override
    public Object deserialize(String topic, byte[] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return mapper.readValue(bytes, type);
        } catch (IOException e) {
            throw new SerializationException("Not the JSON of a " + type + ", in topic " + topic, e);
        }
    }

    private static Class<?> load(String className) {
        try {
            return Class.forName(className, true, Thread.currentThread().getContextClassLoader());
        } catch (ClassNotFoundException e) {
            throw new SerializationException("No class " + className + " to read from JSON", e);
        }
    }
}
