// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kaon.quarkus.KaonBrokerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/configuration.md} to the configuration's Javadoc. {@code -Dkaon.docs.write=true} writes the page anew. */
class ConfigurationPageTest {
    private static final String MODEL = "META-INF/quarkus-config-doc/";
    private static final String HEAD =
            """
            # Configuration

            Generated from the Javadoc of the configuration; a test holds this page to it. Every key can be set in
            `application.properties`, as a system property, or as the environment variable beside it; `bin/kaon-server` takes `key=value` arguments. The
            settings that stand under `config` have Kafka's own names: [settings.md](settings.md) lists those that have an effect.
            """;

    @Test
    void shouldBeDocumentedAsItIs() throws IOException {
        // Given
        Path page = Path.of(System.getProperty("kaon.docs.dir"), "configuration.md");
        String expected = HEAD + keys();
        if (Boolean.getBoolean("kaon.docs.write")) {
            Files.writeString(page, expected);
        }

        // When
        String actual = Files.readString(page);

        // Then
        assertThat(actual).isEqualTo(expected);
    }

    private static String keys() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Class<?> module : List.of(KaonBrokerConfig.class, KaonBuildTimeConfig.class)) {
            JsonNode javadoc = read(module, "quarkus-config-javadoc.json").get("elements");
            for (JsonNode root : read(module, "quarkus-config-model.json").get("configRoots")) {
                root.get("items").forEach(item -> text.append(key(item, javadoc)));
            }
        }
        return text.toString();
    }

    private static String key(JsonNode item, JsonNode javadoc) {
        String element = item.get("sourceType").asText() + "."
                + item.get("sourceElementName").asText();
        JsonNode path = item.get("path");
        return "\n## `%s`\n\n%s\n\nType: %s%s. Default: %s. Environment: `%s`.\n"
                .formatted(
                        path.get("property").asText(),
                        prose(javadoc.get(element).get("description").asText()),
                        item.path("list").asBoolean() ? "list of " : "",
                        item.get("typeDescription").asText(),
                        item.has("defaultValue")
                                ? "`" + item.get("defaultValue").asText() + "`"
                                : "see above",
                        path.get("environmentVariable").asText());
    }

    private static String prose(String javadoc) {
        return javadoc.replaceAll("\\{@code ([^}]+)}", "`$1`");
    }

    /** From the module that has the class: other extensions have files of the same names. */
    private static JsonNode read(Class<?> module, String name) throws IOException {
        String file = module.getName().replace('.', '/') + ".class";
        String classes = module.getClassLoader().getResource(file).toString().replace(file, "");
        try (InputStream in = new URL(classes + MODEL + name).openStream()) {
            return new ObjectMapper().readTree(in);
        }
    }
}
