// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;

/** The settings of a Kafka client under Kafka's names, of any type of value, as SmallRye gathers them for a channel. */
public record ClientSettings(Map<String, ?> values) {
    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name))
                .map(Object::toString)
                .map(String::trim)
                .filter(text -> !text.isEmpty());
    }

    public String text(String name, String otherwise) {
        return text(name).orElse(otherwise);
    }

    public int integer(String name, int otherwise) {
        return (int) number(name, otherwise);
    }

    public long number(String name, long otherwise) {
        Optional<String> text = text(name);
        try {
            return text.map(Long::parseLong).orElse(otherwise);
        } catch (NumberFormatException e) {
            throw new ConfigException(name, text.orElse(""), "must be a whole number");
        }
    }

    public boolean flag(String name, boolean otherwise) {
        return text(name).map(Boolean::parseBoolean).orElse(otherwise);
    }

    public List<String> names(String name, List<String> otherwise) {
        return text(name).map(text -> List.of(text.split("\\s*,\\s*"))).orElse(otherwise);
    }
}
