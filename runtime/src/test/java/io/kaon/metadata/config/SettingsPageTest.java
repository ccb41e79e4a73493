// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.metadata.config.ConfigKey.Effect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/settings.md} to the catalogue of settings. {@code -Dkaon.docs.write=true} writes the page anew. */
class SettingsPageTest {
    private static final String HEAD =
            """
            # Settings under Kafka's names

            Generated from the catalogue of settings; a test holds this page to it. Broker settings are given as
            `quarkus.kaon.broker.config."name"`, or by Kafka's tools where *changes* says `at once`. Topic settings are given when a topic is made, or changed
            by Kafka's tools. Clients see every setting of Kafka 4.4; here are those that have an effect in this version. The others
            are accepted with their default only.
            """;

    @Test
    void shouldBeDocumentedAsItIs() throws IOException {
        // Given
        Path page = Path.of(System.getProperty("kaon.docs.dir"), "settings.md");
        String expected =
                HEAD + table("Topics", ConfigCatalogue.topics()) + table("Brokers", ConfigCatalogue.brokers());
        if (Boolean.getBoolean("kaon.docs.write")) {
            Files.writeString(page, expected);
        }

        // When
        String actual = Files.readString(page);

        // Then
        assertThat(actual).isEqualTo(expected);
    }

    private static String table(String title, ConfigCatalogue catalogue) {
        StringBuilder text = new StringBuilder("\n## " + title + "\n\n| name | type | default | changes | effect |\n");
        text.append("| --- | --- | --- | --- | --- |\n");
        for (ConfigKey key : catalogue.keys()) {
            if (key.effect() == Effect.STATIC || key.effect() == Effect.DYNAMIC) {
                text.append("| `%s` | %s | %s | %s | %s |\n"
                        .formatted(
                                key.name(),
                                key.type().name().toLowerCase(Locale.ROOT),
                                key.defaultValue().orElse("–"),
                                key.effect() == Effect.DYNAMIC ? "at once" : "at the start",
                                key.documentation()));
            }
        }
        return text.toString();
    }
}
