// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.wire.message.ApiKey;
import org.junit.jupiter.api.Test;

class ProtocolTableTest {
    @Test
    void shouldHaveOneLinePerApi() {
        // When
        String table = ProtocolTable.render();

        // Then
        assertThat(table.lines()).hasSize(2 + ApiKey.values().length);
        assertThat(table)
                .startsWith(
                        "| id | api | versions | flexible from |\n| ---|---|---|--- |\n| 0 | Produce | 0–13 | 9 |\n")
                .contains("| 17 | SaslHandshake | 0–1 | never |\n")
                .contains("| 22 | InitProducerId | 0–5 | 2 |\n")
                .contains("| 78 | ShareFetch | 1–2 | 1 |\n");
    }

    @Test
    void shouldTakeOneMoreColumn() {
        // When / Then
        assertThat(ProtocolTable.render("advertised", api -> "no").lines())
                .allMatch(line -> line.split("\\|").length >= 5);
        assertThat(ProtocolTable.render("advertised", api -> "no")).contains("| 0 | Produce | 0–13 | 9 | no |\n");
    }
}
