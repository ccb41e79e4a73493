// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata.config;

import java.util.List;
import java.util.Optional;

/**
 * A setting of a resource as DescribeConfigs and CreateTopics show it.
 *
 * @param key the setting
 * @param value in effect; empty when there is none, or when it must not be shown
 * @param source where it comes from
 * @param isReadOnly whether it cannot be changed by AlterConfigs
 * @param synonyms every value that was set or is a default, strongest first; the first one is in effect
 */
public record ConfigEntry(
        ConfigKey key, Optional<String> value, ConfigSource source, boolean isReadOnly, List<Synonym> synonyms) {
    /** A value under the name under which it was set. */
    public record Synonym(String name, Optional<String> value, ConfigSource source) {}

    public ConfigEntry {
        synonyms = List.copyOf(synonyms);
    }

    public String name() {
        return key.name();
    }
}
