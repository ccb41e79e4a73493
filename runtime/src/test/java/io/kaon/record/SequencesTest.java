// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SequencesTest {
    @Test
    void shouldWrapPastTheLargestInt() {
        assertThat(Sequences.add(Integer.MAX_VALUE, 1)).isZero();
        assertThat(Sequences.add(Integer.MAX_VALUE - 1, 5)).isEqualTo(3);
        assertThat(Sequences.add(Integer.MAX_VALUE, Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE - 1);
        assertThat(Sequences.add(3, 4)).isEqualTo(7);
    }

    @Test
    void shouldWrapBelowZero() {
        assertThat(Sequences.subtract(0, 1)).isEqualTo(Integer.MAX_VALUE);
        assertThat(Sequences.subtract(3, 5)).isEqualTo(Integer.MAX_VALUE - 1);
        assertThat(Sequences.subtract(7, 4)).isEqualTo(3);
    }

    @Test
    void shouldKnowTheNextOne() {
        assertThat(Sequences.follows(0, Integer.MAX_VALUE)).isTrue();
        assertThat(Sequences.follows(8, 7)).isTrue();
        assertThat(Sequences.follows(7, 7)).isFalse();
    }
}
