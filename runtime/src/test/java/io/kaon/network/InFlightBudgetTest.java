// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InFlightBudgetTest {
    private final InFlightBudget budget = new InFlightBudget(100);
    private final List<String> woken = new ArrayList<>();

    @Test
    void shouldWakeWaitersOnlyWhenThereIsRoom() {
        // Given
        budget.charge(150);
        assertThat(budget.isExhausted()).isTrue();
        budget.awaitRoom(() -> woken.add("a"));
        budget.charge(-50);
        assertThat(woken).isEmpty();
        // When
        budget.charge(-1);
        // Then
        assertThat(woken).containsExactly("a");
        assertThat(budget.isExhausted()).isFalse();
    }

    @Test
    void shouldWakeAtOnceWhenRoomCameMeanwhile() {
        // Given
        budget.charge(10);
        // When
        budget.awaitRoom(() -> woken.add("a"));
        // Then
        assertThat(woken).containsExactly("a");
    }

    @Test
    void shouldLetOneElderFinishItsFrameAndThenAnother() {
        // Given
        Object first = new Object();
        Object second = new Object();
        budget.charge(200);
        assertThat(budget.isElder(first)).isTrue();
        assertThat(budget.isElder(second)).isFalse();
        budget.awaitRoom(() -> woken.add("second"));
        // When
        budget.resign(first);
        // Then
        assertThat(woken).containsExactly("second");
        assertThat(budget.isElder(second)).isTrue();
    }
}
