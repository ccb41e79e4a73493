// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata.config;

import io.kaon.metadata.ConfigResource;
import io.kaon.metadata.ConfigResource.Type;
import io.kaon.metadata.config.ConfigKey.Effect;
import io.kaon.metadata.config.ConfigKey.Scope;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Which dynamic settings are accepted (D11: none without effect). */
public final class ConfigChangeRules {
    private static final String MIN_LAG = "min.compaction.lag.ms";
    private static final String MAX_LAG = "max.compaction.lag.ms";

    private ConfigChangeRules() {}

    /** The key of a setting of a resource, if it has one of that name. */
    public static Optional<ConfigKey> key(ConfigResource resource, String name) {
        return ConfigCatalogue.of(resource.type()).find(name);
    }

    /**
     * What is wrong with a value that is to be set.
     *
     * @param before what was set for the resource so far
     */
    public static Optional<String> problem(
            ConfigResource resource, String name, String value, Map<String, String> before) {
        Optional<ConfigKey> known = key(resource, name);
        if (known.isEmpty()) {
            return Optional.of("There is no " + words(resource.type()) + " setting '" + name + "'.");
        }
        ConfigKey key = known.get();
        Optional<String> wrong = key.problem(value);
        if (wrong.isPresent()) {
            return Optional.of("The setting " + name + " " + wrong.get() + ".");
        }
        boolean isSame = before.containsKey(name) && key.isSame(before.get(name), value);
        return isSame ? Optional.empty() : withoutEffect(resource, key, value);
    }

    /**
     * Which of a resource's settings, each right for itself, do not go together. Kafka has one such pair: nothing can
     * be compacted in time that must stay uncompacted for longer.
     *
     * @param after what is to be set for the resource
     */
    public static Optional<String> conflict(ConfigResource resource, Map<String, String> after) {
        if (resource.type() != Type.TOPIC || !after.containsKey(MIN_LAG)) {
            return Optional.empty();
        }
        long minLagMs = number(after, MIN_LAG);
        long maxLagMs = number(after, MAX_LAG);
        return minLagMs <= maxLagMs
                ? Optional.empty()
                : Optional.of("The setting " + MIN_LAG + " must not be larger than " + MAX_LAG + ": " + minLagMs
                        + " is larger than " + maxLagMs + ".");
    }

    private static long number(Map<String, String> values, String name) {
        ConfigKey key = ConfigCatalogue.topics().get(name);
        String value =
                values.containsKey(name) ? values.get(name) : key.defaultValue().orElseThrow();
        return Long.parseLong(key.type().normal(value));
    }

    private static Optional<String> withoutEffect(ConfigResource resource, ConfigKey key, String value) {
        if (key.effect() == Effect.NONE) {
            return key.isDefault(value)
                    ? Optional.empty()
                    : Optional.of("The setting " + key.name()
                            + " is not supported by this version of Kaon: only its default"
                            + key.defaultValue().map(it -> " '" + it + "'").orElse("") + " is accepted.");
        }
        if (resource.type() != Type.BROKER) {
            return Optional.empty();
        }
        if (key.effect() != Effect.DYNAMIC) {
            return Optional.of("The setting " + key.name() + " cannot be changed while the broker runs.");
        }
        return key.scope() == Scope.BROKER && resource.name().isEmpty()
                ? Optional.of("The setting " + key.name() + " can only be changed for one broker.")
                : Optional.empty();
    }

    private static String words(Type type) {
        return type.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
