// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata.config;

import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ConfigResource;
import io.kaon.metadata.config.ConfigEntry.Synonym;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Lays the sources of settings over each other: what was set for the topic, for this broker, for all brokers, at the
 * start, and Kafka's defaults. Immutable, any thread.
 */
public final class EffectiveConfigs {
    private static final long MS_PER_MINUTE = 60_000;
    private static final long MS_PER_HOUR = 3_600_000;

    private final ClusterImage image;
    private final List<Layer> layers;

    public EffectiveConfigs(ClusterImage image, BrokerSettings settings) {
        this.image = image;
        Map<String, String> ofThisBroker = settings.nodeId().isPresent()
                ? image.configs(ConfigResource.broker(settings.nodeId().getAsInt()))
                : Map.of();
        Map<String, String> ofAllBrokers = image.configs(ConfigResource.brokerDefault());
        this.layers = List.of(
                new Layer(ConfigSource.DYNAMIC_BROKER, name -> Optional.ofNullable(ofThisBroker.get(name))),
                new Layer(ConfigSource.DYNAMIC_DEFAULT_BROKER, name -> Optional.ofNullable(ofAllBrokers.get(name))),
                new Layer(ConfigSource.STATIC_BROKER, settings::configured),
                new Layer(
                        ConfigSource.DEFAULT,
                        name -> ConfigCatalogue.brokers().get(name).defaultValue()));
    }

    /** Every value of a broker's setting, strongest first. */
    List<Synonym> brokerValues(ConfigKey key) {
        return brokerValues(List.of(key.name()));
    }

    /** The value of a broker's setting that is in effect; empty when it has none. */
    public Optional<String> brokerValue(String name) {
        for (Layer layer : layers) {
            Optional<String> value = layer.values().apply(name);
            if (value.isPresent()) {
                return value;
            }
        }
        return Optional.empty();
    }

    /** Every value of a topic's setting, those of the broker's synonyms included, strongest first. */
    List<Synonym> topicValues(String topic, ConfigKey key) {
        List<Synonym> values = new ArrayList<>();
        override(topic, key).ifPresent(value -> add(values, key.name(), value, ConfigSource.TOPIC));
        values.addAll(brokerValues(key.synonyms()));
        if (key.synonyms().isEmpty()) {
            key.defaultValue().ifPresent(value -> add(values, key.name(), value, ConfigSource.DEFAULT));
        }
        return values;
    }

    /** Every value of a group's setting, those of the broker's synonym included, strongest first. */
    List<Synonym> groupValues(String group, ConfigKey key) {
        List<Synonym> values = new ArrayList<>();
        Optional.ofNullable(image.configs(ConfigResource.group(group)).get(key.name()))
                .ifPresent(value -> add(values, key.name(), value, ConfigSource.GROUP));
        values.addAll(brokerValues(key.synonyms()));
        if (key.synonyms().isEmpty()) {
            key.defaultValue().ifPresent(value -> add(values, key.name(), value, ConfigSource.DEFAULT));
        }
        return values;
    }

    /** The value of a topic's setting that is in effect, in the setting's own unit. */
    public Optional<String> topicValue(String topic, ConfigKey key) {
        Optional<String> override = override(topic, key);
        if (override.isPresent()) {
            return override;
        }
        for (Layer layer : layers) {
            for (String name : key.synonyms()) {
                Optional<String> value = layer.values().apply(name);
                if (value.isPresent()) {
                    return value.map(it -> converted(name, it));
                }
            }
        }
        return key.defaultValue();
    }

    private Optional<String> override(String topic, ConfigKey key) {
        return Optional.ofNullable(image.configs(ConfigResource.topic(topic)).get(key.name()));
    }

    private List<Synonym> brokerValues(List<String> names) {
        List<Synonym> values = new ArrayList<>();
        for (Layer layer : layers) {
            for (String name : names) {
                layer.values().apply(name).ifPresent(value -> add(values, name, value, layer.source()));
            }
        }
        return values;
    }

    private static void add(List<Synonym> values, String name, String value, ConfigSource source) {
        values.add(new Synonym(name, Optional.of(value), source));
    }

    /** Topics know milliseconds only; −1 means never in each unit. */
    private static String converted(String name, String value) {
        if (name.endsWith(".hours")) {
            return inMs(value, MS_PER_HOUR);
        }
        return name.endsWith(".minutes") ? inMs(value, MS_PER_MINUTE) : value;
    }

    private static String inMs(String value, long unitMs) {
        long units = Long.parseLong(value);
        return Long.toString(units < 0 ? units : units * unitMs);
    }

    /** One source of broker settings. */
    private record Layer(ConfigSource source, Function<String, Optional<String>> values) {}
}
