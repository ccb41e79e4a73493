// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.attributes;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

class FoundSettingsTest {
    private static final String ATTRIBUTE = "value.deserializer";
    private static final Map<String, Object> NAMED = Map.of(ATTRIBUTE, "Named");
    private static final Config NOTHING = new SmallRyeConfigBuilder().build();
    private static final Config FOUND =
            new SmallRyeConfigBuilder().withDefaultValue(ATTRIBUTE, "Found").build();

    @Test
    void shouldKeepWhatWasFoundWhenNobodySetsAnything() {
        assertThat(read(FoundSettings.yielding(FOUND, Map.of(), NOTHING))).isEqualTo("Found");
    }

    @Test
    void shouldPreferBeanWithSettings() {
        assertThat(read(FoundSettings.yielding(FOUND, NAMED, NOTHING))).isEqualTo("Named");
    }

    @Test
    void shouldPreferConnectorToBean() {
        // Given
        Config global = set("mp.messaging.connector.kaon." + ATTRIBUTE, "Connector");

        // When, Then
        assertThat(read(FoundSettings.yielding(FOUND, NAMED, global))).isEqualTo("Connector");
    }

    @Test
    void shouldLeaveWhatChannelSets() {
        assertThat(read(FoundSettings.yielding(set(ATTRIBUTE, "Set"), NAMED, NOTHING)))
                .isEqualTo("Set");
    }

    private static Config set(String key, String value) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(Map.of(key, value), "test", 100))
                .build();
    }

    private static String read(Config config) {
        return config.getValue(ATTRIBUTE, String.class);
    }
}
