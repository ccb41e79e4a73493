// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.quarkus.connector.metering.ChannelMetric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds the table in {@code docs/observing-channels.md} to the catalogue of meters. {@code -Dkaon.docs.write=true}
 * writes it anew.
 */
class ObservingPageTest {
    private static final String BEGIN = "<!-- meters -->\n";
    private static final String END = "<!-- end of meters -->";

    @Test
    void shouldDocumentEveryMeter() throws IOException {
        // Given
        Path page = Path.of(System.getProperty("kaon.docs.dir"), "observing-channels.md");
        if (Boolean.getBoolean("kaon.docs.write")) {
            String text = Files.readString(page);
            String before = text.substring(0, text.indexOf(BEGIN) + BEGIN.length());
            Files.writeString(page, before + table() + text.substring(text.indexOf(END)));
        }

        // When
        String actual = Files.readString(page);

        // Then
        assertThat(actual).contains(BEGIN + table() + END);
    }

    private static String table() {
        return "| meter | channels | kind | unit | meaning |\n| --- | --- | --- | --- | --- |\n"
                + Arrays.stream(ChannelMetric.values())
                        .map(metric -> "| `%s` | %s | %s | %s | %s |\n"
                                .formatted(
                                        metric.metricName(),
                                        metric.direction().tag(),
                                        metric.kind().name().toLowerCase(Locale.ROOT),
                                        metric.unit(),
                                        metric.description()))
                        .collect(Collectors.joining());
    }
}
