// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.quarkus.connector.KaonConnector;
import io.smallrye.reactive.messaging.annotations.ConnectorAttribute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * Holds {@code docs/connector.md} to the attributes of the connector. {@code -Dkaon.docs.write=true} writes the page
 * anew.
 */
class ConnectorPageTest {
    private static final String HEAD =
            """
            # The connector `kaon`

            Generated from the attributes of the connector; a test holds this page to them.

            Attributes of a channel are `mp.messaging.incoming.<channel>.<attribute>` and `mp.messaging.outgoing.<channel>.<attribute>`;
            `mp.messaging.connector.kaon.<attribute>` holds for all channels. They are those of the connector `smallrye-kafka`: what is not
            listed here, and the settings of Kafka's clients, is passed on and works as there, but for what
            [decision 0004](decisions/0004-connector-reuse.md) says of channels without a socket.

            A channel goes to the first that there is: the address in its own `bootstrap.servers` or the connector's; the broker in the
            application; the address in `kafka.bootstrap.servers`. Without any of them the application does not start.

            | attribute | channels | type | default | meaning |
            | --- | --- | --- | --- | --- |
            """;

    @Test
    void shouldDocumentEveryAttribute() throws IOException {
        // Given
        Path page = Path.of(System.getProperty("kaon.docs.dir"), "connector.md");
        String expected = HEAD + attributes();
        if (Boolean.getBoolean("kaon.docs.write")) {
            Files.writeString(page, expected);
        }

        // When
        String actual = Files.readString(page);

        // Then
        assertThat(actual).isEqualTo(expected);
    }

    private static String attributes() {
        StringBuilder rows = new StringBuilder();
        for (ConnectorAttribute attribute : KaonConnector.class.getAnnotationsByType(ConnectorAttribute.class)) {
            String value = attribute.defaultValue();
            rows.append("| `%s` | %s | %s | %s | %s |\n"
                    .formatted(
                            attribute.name(),
                            attribute
                                    .direction()
                                    .name()
                                    .toLowerCase(Locale.ROOT)
                                    .replace("_and_", ", "),
                            attribute.type(),
                            value.isEmpty() || value.equals(ConnectorAttribute.NO_VALUE) ? "–" : "`" + value + "`",
                            attribute.description()));
        }
        return rows.toString();
    }
}
