// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata.config;

import io.kaon.metadata.ConfigResource;
import io.kaon.metadata.ConfigResource.Type;
import io.kaon.metadata.InternalTopics;
import io.kaon.metadata.config.ConfigKey.Effect;
import io.kaon.metadata.config.ConfigKey.Scope;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Which dynamic settings are accepted (D11: none without effect). */
public final class ConfigChangeRules {
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

    private static Optional<String> withoutEffect(ConfigResource resource, ConfigKey key, String value) {
        if (key.effect() == Effect.NONE) {
            return key.isDefault(value) || isCleanupOfInternalTopic(resource, key)
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

    /** Retention spares a topic that is to be compacted, which matters for what the broker itself has to remember. */
    private static boolean isCleanupOfInternalTopic(ConfigResource resource, ConfigKey key) {
        return resource.type() == Type.TOPIC
                && InternalTopics.isInternal(resource.name())
                && key.name().equals("cleanup.policy");
    }

    private static String words(Type type) {
        return type.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
