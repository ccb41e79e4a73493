// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LibraryVersionsTest {
    @ParameterizedTest
    @CsvSource({
        "1.10.1, 1.13.0, true",
        "1.13.0, 1.13.0, false",
        "1.13, 1.13.0, false",
        "1.1.10.8, 1.1.10.12, true",
        "1.1.10.12.Final, 1.1.10.12, false",
        "2.0-beta1, 1.13.0, false"
    })
    void shouldCompareByNumbers(String version, String wanted, boolean isOlder) {
        assertThat(LibraryVersionsProcessor.isOlder(version, wanted)).isEqualTo(isOlder);
    }

    @Test
    void shouldNameWhatIsOlder() {
        assertThat(LibraryVersionsProcessor.olderThanWanted(Map.of("at.yawk.lz4:lz4-java", "1.10.1")))
                .singleElement()
                .asString()
                .startsWith("at.yawk.lz4:lz4-java 1.10.1 (Kaon: ");
    }

    @Test
    void shouldWantWhatTheBuildPins() throws IOException {
        // When
        String parent = Files.readString(Path.of(System.getProperty("kaon.docs.dir"), "..", "pom.xml"));

        // Then
        assertThat(parent)
                .contains("<lz4.version>" + LibraryVersionsProcessor.WANTED.get("at.yawk.lz4:lz4-java") + "<")
                .contains("<snappy.version>" + LibraryVersionsProcessor.WANTED.get("org.xerial.snappy:snappy-java")
                        + "<");
    }
}
