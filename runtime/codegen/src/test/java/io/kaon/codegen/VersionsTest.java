// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class VersionsTest {
    @Test
    void shouldReadTheNotation() {
        assertThat(Versions.parse("none")).isEqualTo(Versions.NONE);
        assertThat(Versions.parse("3").stream()).containsExactly(3);
        assertThat(Versions.parse("3-5").stream()).containsExactly(3, 4, 5);
        assertThat(Versions.parse("0+")).isEqualTo(Versions.ALL);
        assertThat(Versions.parse("62+").stream()).containsExactly(62, 63);
        assertThatThrownBy(() -> Versions.parse("64")).isInstanceOf(GenerationException.class);
    }

    @Test
    void shouldWriteTheNotation() {
        assertThat(Versions.parse("3-5").plus(8)).hasToString("3-5,8");
        assertThat(Versions.parse("7+")).hasToString("7+");
        assertThat(Versions.NONE).hasToString("none");
    }

    @Test
    void shouldBecomeTheShortestCondition() {
        Versions valid = Versions.range(0, 9);

        assertThat(Versions.parse("0+").condition(valid)).isEqualTo("true");
        assertThat(Versions.parse("10+").condition(valid)).isEqualTo("false");
        assertThat(Versions.parse("4+").condition(valid)).isEqualTo("version >= 4");
        assertThat(Versions.parse("0-4").condition(valid)).isEqualTo("version <= 4");
        assertThat(Versions.parse("2-4").condition(valid)).isEqualTo("version >= 2 && version <= 4");
        assertThat(Versions.parse("3").condition(valid)).isEqualTo("version == 3");
        assertThat(Versions.parse("0-1").or(Versions.parse("9")).condition(valid))
                .isEqualTo("(version <= 1 || version == 9)");
    }
}
