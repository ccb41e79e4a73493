// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.wire.RecordBytes;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ConversionBudgetTest {
    private final ConversionBudget budget = new ConversionBudget(1_000_000);

    @Test
    void shouldGiveWhatIsLeftButNeverNothing() {
        // Given
        RecordBytes waiting = budget.charge(ByteBuffer.allocate(900_000));

        // When
        int room = budget.room(500_000);
        budget.charge(ByteBuffer.allocate(500_000));

        // Then
        assertThat(room).isEqualTo(100_000);
        assertThat(budget.room(500_000)).isEqualTo(ConversionBudget.MIN_ANSWER_BYTES);
        assertThat(budget.room(10)).isEqualTo(10);
        assertThat(waiting.sizeInBytes()).isEqualTo(900_000);
    }

    @Test
    void shouldTakeBackEachReleaseOnce() {
        // Given
        RecordBytes sent = budget.charge(ByteBuffer.allocate(900_000));

        // When
        sent.release();
        sent.release();

        // Then
        assertThat(budget.used()).isZero();
        assertThat(budget.room(2_000_000)).isEqualTo(1_000_000);
    }
}
