// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitWaitersTest {
    private final CommitWaiters waiters = new CommitWaiters();
    private final List<String> answered = new ArrayList<>();

    @Test
    void shouldAnswerOnlyWhatIsBelowTheHighWatermark() {
        // Given
        waiters.add(5, () -> answered.add("five"));
        waiters.add(6, () -> answered.add("six"));

        // When
        waiters.onHighWatermark(5);

        // Then
        assertThat(answered).containsExactly("five");
    }

    @Test
    void shouldAnswerInOrderOfOffsetThenArrival() {
        // Given
        waiters.add(7, () -> answered.add("seven, first"));
        waiters.add(7, () -> answered.add("seven, second"));
        waiters.add(3, () -> answered.add("three"));

        // When
        waiters.onHighWatermark(10);

        // Then
        assertThat(answered).containsExactly("three", "seven, first", "seven, second");
    }
}
