// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.quarkus.connector.attributes.ConnectorAttributes;
import io.kaon.quarkus.connector.attributes.EmbeddedSupport;
import io.kaon.quarkus.connector.attributes.EmbeddedSupport.Statement;
import io.smallrye.reactive.messaging.annotations.ConnectorAttribute;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds {@code docs/connector.md} to the attributes of the connector and to the application that is its example; the
 * prose is in {@code connector-page.md} beside the tests. {@code -Dkaon.docs.write=true} writes the page anew.
 */
class ConnectorPageTest {
    private static final String NOTHING = "–";

    @Test
    void shouldDocumentEveryAttribute() throws IOException {
        // Given
        Path docs = Path.of(System.getProperty("kaon.docs.dir"));
        Path page = docs.resolve("connector.md");
        String expected = read("/connector-page.md")
                .replace("@java@", example(docs))
                .replace("@properties@", read("/guide.properties").strip())
                .replace("@attributes@", attributes().strip())
                .replace("@settings@", settings().strip());
        if (Boolean.getBoolean("kaon.docs.write")) {
            Files.writeString(page, expected);
        }

        // When
        String actual = Files.readString(page);

        // Then
        assertThat(actual).isEqualTo(expected);
    }

    /** The class without its package and imports, which an editor adds. */
    private static String example(Path docs) throws IOException {
        String source = Files.readString(docs.resolve("../deployment/src/test/java/io/kaon/quarkus/test/Shop.java"));
        return source.substring(source.indexOf("@ApplicationScoped")).strip();
    }

    private static String attributes() {
        StringBuilder rows = new StringBuilder();
        for (ConnectorAttribute attribute : ConnectorAttributes.all()) {
            rows.append("| `%s` | %s | %s | %s | %s | %s |\n"
                    .formatted(
                            attribute.name(),
                            attribute
                                    .direction()
                                    .name()
                                    .toLowerCase(Locale.ROOT)
                                    .replace("_and_", ", "),
                            attribute.type(),
                            defaultOf(attribute),
                            attribute.description(),
                            EmbeddedSupport.of(attribute.name())
                                    .map(ConnectorPageTest::text)
                                    .orElse("")));
        }
        return rows.toString();
    }

    private static String defaultOf(ConnectorAttribute attribute) {
        return Optional.of(attribute.defaultValue())
                .filter(value -> !value.isEmpty() && !value.equals(ConnectorAttribute.NO_VALUE))
                .map(value -> "`" + value + "`")
                .orElse(NOTHING);
    }

    private static String settings() {
        Set<String> attributes =
                ConnectorAttributes.all().stream().map(ConnectorAttribute::name).collect(Collectors.toSet());
        StringBuilder rows = new StringBuilder();
        new TreeMap<>(EmbeddedSupport.all()).forEach((name, statement) -> {
            if (!attributes.contains(name)) {
                rows.append("| `%s` | %s |\n".formatted(name, text(statement)));
            }
        });
        return rows.toString();
    }

    private static String text(Statement statement) {
        return statement.level().text() + ": " + statement.reason();
    }

    private static String read(String resource) throws IOException {
        try (InputStream in = ConnectorPageTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
