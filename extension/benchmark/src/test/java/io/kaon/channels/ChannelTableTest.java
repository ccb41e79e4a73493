// SPDX-License-Identifier: Apache-2.0
package io.kaon.channels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChannelTableTest {
    @Test
    void shouldCompareMediansOfEachRow() {
        // Given
        List<String> lines = List.of(
                "something else",
                "FIGURE\twhole\tworker\tembedded\t900\t1.5",
                "FIGURE\twhole\tworker\tembedded\t1000\t1.25",
                "FIGURE\twhole\tworker\tembedded\t2000\t1",
                "FIGURE\twhole\tworker\ttcp-kafka\t250\t9");

        // When
        String table = ChannelTable.of(lines);

        // Then
        assertThat(table)
                .contains("| | embedded | tcp-kafka | embedded / tcp-kafka |")
                .contains("| whole, worker | 1,000 (900–2,000) | 250 (250–250) | 4.0 |")
                .contains("| whole, worker | 1.25 | 9.00 |");
    }

    @Test
    void shouldLeaveCellsEmptyThatNobodyMeasured() {
        // Given
        List<String> lines = List.of("FIGURE\tdirect\tloop\tdirect\t10\t1", "FIGURE\twhole\tloop\tembedded\t5\t1");

        // When
        String table = ChannelTable.of(lines);

        // Then
        assertThat(table).contains("| direct, loop | 10 (10–10) | – | – |");
    }
}
