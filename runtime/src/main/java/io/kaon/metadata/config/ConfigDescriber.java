// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata.config;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ConfigResource;
import io.kaon.metadata.TopicNames;
import io.kaon.metadata.config.ConfigDescription.Described;
import io.kaon.metadata.config.ConfigDescription.Refused;
import io.kaon.metadata.config.ConfigEntry.Synonym;
import io.kaon.metadata.config.ConfigKey.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Describes the settings of resources, for DescribeConfigs and CreateTopics (C8: all of them). Immutable, any thread.
 */
public final class ConfigDescriber {
    private final BrokerSettings settings;

    public ConfigDescriber(BrokerSettings settings) {
        this.settings = settings;
    }

    /** All settings of a resource, or why there are none. */
    public ConfigDescription describe(ClusterImage image, ConfigResource resource) {
        switch (resource.type()) {
            case TOPIC:
                return describeTopic(image, resource.name());
            case BROKER:
                return describeBroker(image, resource);
            case BROKER_LOGGER:
                return isThisBroker(resource) ? new Described(List.of()) : unexpectedBroker(resource);
            case CLIENT_METRICS:
                return named(resource, overridden(image, resource, ConfigSource.CLIENT_METRICS));
            default:
                return named(resource, group(image, resource.name()));
        }
    }

    /** All settings of a topic, which need not exist yet. */
    public List<ConfigEntry> topic(ClusterImage image, String topic) {
        EffectiveConfigs effective = new EffectiveConfigs(image, settings);
        List<ConfigEntry> entries = new ArrayList<>();
        for (ConfigKey key : ConfigCatalogue.topics().keys()) {
            List<Synonym> values = effective.topicValues(topic, key);
            entries.add(new ConfigEntry(
                    key, effective.topicValue(topic, key), source(values), key.effect() != Effect.DYNAMIC, values));
        }
        return entries;
    }

    private ConfigDescription describeTopic(ClusterImage image, String topic) {
        Optional<String> problem = TopicNames.problem(topic);
        if (problem.isPresent()) {
            return new Refused(ErrorCode.INVALID_TOPIC_EXCEPTION, problem.get());
        }
        return image.topic(topic).isPresent()
                ? new Described(topic(image, topic))
                : new Refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "There is no topic '" + topic + "'.");
    }

    private ConfigDescription describeBroker(ClusterImage image, ConfigResource resource) {
        if (resource.name().isEmpty()) {
            return new Described(overridden(image, resource, ConfigSource.DYNAMIC_DEFAULT_BROKER));
        }
        if (!isThisBroker(resource)) {
            return unexpectedBroker(resource);
        }
        EffectiveConfigs effective = new EffectiveConfigs(image, settings);
        List<ConfigEntry> entries = new ArrayList<>();
        for (ConfigKey key : ConfigCatalogue.brokers().keys()) {
            entries.add(entry(key, effective.brokerValues(key)));
        }
        return new Described(entries);
    }

    private static ConfigDescription named(ConfigResource resource, List<ConfigEntry> entries) {
        return resource.name().isEmpty()
                ? new Refused(ErrorCode.INVALID_REQUEST, "A resource of type " + resource.type() + " needs a name.")
                : new Described(entries);
    }

    /** Only what was set. */
    private static List<ConfigEntry> overridden(ClusterImage image, ConfigResource resource, ConfigSource source) {
        List<ConfigEntry> entries = new ArrayList<>();
        image.configs(resource).forEach((name, value) -> ConfigCatalogue.of(resource.type())
                .find(name)
                .ifPresent(key -> entries.add(entry(key, List.of(new Synonym(name, Optional.of(value), source))))));
        return entries;
    }

    /** What was set for the group over what the broker has. */
    private List<ConfigEntry> group(ClusterImage image, String group) {
        EffectiveConfigs effective = new EffectiveConfigs(image, settings);
        List<ConfigEntry> entries = new ArrayList<>();
        for (ConfigKey key : ConfigCatalogue.groups().keys()) {
            entries.add(entry(key, effective.groupValues(group, key)));
        }
        return entries;
    }

    private static ConfigEntry entry(ConfigKey key, List<Synonym> values) {
        boolean isReadOnly = key.effect() != Effect.DYNAMIC;
        if (key.isSensitive()) {
            List<Synonym> hidden = values.stream()
                    .map(it -> new Synonym(it.name(), Optional.empty(), it.source()))
                    .toList();
            return new ConfigEntry(key, Optional.empty(), source(values), isReadOnly, hidden);
        }
        Optional<String> value =
                values.isEmpty() ? Optional.empty() : values.get(0).value();
        return new ConfigEntry(key, value, source(values), isReadOnly, values);
    }

    private static ConfigSource source(List<Synonym> values) {
        return values.isEmpty() ? ConfigSource.DEFAULT : values.get(0).source();
    }

    private boolean isThisBroker(ConfigResource resource) {
        return settings.value("node.id").filter(resource.name()::equals).isPresent();
    }

    private ConfigDescription unexpectedBroker(ConfigResource resource) {
        return new Refused(
                ErrorCode.INVALID_REQUEST,
                "This is broker " + settings.value("node.id").orElse("-1") + ", not '" + resource.name() + "'.");
    }
}
