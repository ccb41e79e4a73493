// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BufferWriterTest {
    @Test
    void shouldGrowAsNeeded() {
        // Given
        BufferWriter out = new BufferWriter(1);

        // When
        for (int i = 0; i < 1000; i++) {
            out.writeLong(i);
        }

        // Then
        assertThat(out.size()).isEqualTo(8000);
        assertThat(out.toBuffer().getLong(999 * 8)).isEqualTo(999);
    }

    @Test
    void shouldWriteNullAsMinusOneOrZero() {
        // Given
        BufferWriter out = new BufferWriter();

        // When
        out.writeString(null);
        out.writeLengthAndBytes(null);
        out.writeCompactString(null);
        out.writeCompactLengthAndRecords(null);

        // Then
        assertThat(out.toByteArray()).containsExactly(-1, -1, -1, -1, -1, -1, 0, 0);
    }

    @Test
    void shouldWriteRecordsWithoutMovingTheirPosition() {
        // Given
        BufferWriter out = new BufferWriter(0);
        RecordBytes records = new BufferRecords(ByteBuffer.wrap(new byte[] {9, 1, 2, 9}, 1, 2));

        // When
        out.writeLengthAndRecords(records);
        out.writeCompactLengthAndRecords(records);

        // Then
        assertThat(out.toByteArray()).containsExactly(0, 0, 0, 2, 1, 2, 3, 1, 2);
    }

    @Test
    void shouldWriteTaggedFieldWithItsSize() {
        // Given
        BufferWriter out = new BufferWriter();
        BufferWriter content = new BufferWriter();
        content.writeCompactString("ab");

        // When
        out.writeTaggedField(300, content);

        // Then
        assertThat(out.toByteArray()).containsExactly(0xac - 256, 2, 3, 3, 'a', 'b');
    }

    @Test
    void shouldStartAgainWhenCleared() {
        // Given
        BufferWriter out = new BufferWriter();
        out.writeInt(7);

        // When
        out.clear();
        out.writeByte(1);

        // Then
        assertThat(out.toByteArray()).containsExactly(1);
    }

    @Test
    void shouldRefuseStringThatAnInt16CannotCount() {
        // Given
        BufferWriter out = new BufferWriter();

        // When / Then
        assertThatThrownBy(() -> out.writeString("x".repeat(Short.MAX_VALUE + 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a string of 32768 bytes, at most 32767 fit");
    }
}
