// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.wire.ProtocolTable;
import io.kaon.wire.message.ApiKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/protocol.md} to the table of apis. {@code -Dkaon.docs.write=true} writes the page anew. */
class ProtocolPageTest {
    private static final String HEAD =
            """
            # Protocol

            Generated from the codec and the table of apis; a test holds this page to them. *Versions* is what can be decoded and
            encoded: the union of Kafka 3.9.1 and 4.4.0, without versions that Kafka marks as unstable. *Served* is what ApiVersions tells clients; a dash means
            that a request of that api gets UNSUPPORTED_VERSION. In brackets: what is left with `kaon.legacy.protocol=false`,
            which gives up what Kafka 4 has given up (KIP-896). Produce 0–2 and Fetch 0–3 carry the message formats 0 and 1.

            """;

    @Test
    void shouldBeDocumentedAsItIs() throws IOException {
        // Given
        Path page = Path.of(System.getProperty("kaon.docs.dir"), "protocol.md");
        String expected = HEAD + ProtocolTable.render("served", ProtocolPageTest::served);
        if (Boolean.getBoolean("kaon.docs.write")) {
            Files.writeString(page, expected);
        }

        // When
        String actual = Files.readString(page);

        // Then
        assertThat(actual).isEqualTo(expected);
    }

    private static String served(ApiKey key) {
        return ApiTable.standard()
                .find(key)
                .map(api -> range(api) + withoutLegacy(api))
                .orElse("–");
    }

    private static String range(ApiTable.Api api) {
        return ProtocolTable.range(api.oldestVersion(), api.newestVersion());
    }

    private static String withoutLegacy(ApiTable.Api api) {
        ApiTable.Api left =
                ApiTable.standard().withoutLegacyProtocol().find(api.key()).orElseThrow();
        return left.equals(api) ? "" : " (" + range(left) + ")";
    }
}
