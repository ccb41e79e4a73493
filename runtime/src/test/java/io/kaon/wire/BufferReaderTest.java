// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kaon.common.Uuid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BufferReaderTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 16_383, 16_384, 1 << 28, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
    void shouldReadBackVarints(int value) {
        // Given
        BufferWriter out = new BufferWriter(0);
        out.writeUnsignedVarint(value);

        // When
        WireReader in = new BufferReader(out.toBuffer());

        // Then
        assertThat(in.readUnsignedVarint()).isEqualTo(value);
        assertThat(in.remaining()).isZero();
    }

    @Test
    void shouldReadBackEveryFixedType() {
        // Given
        BufferWriter out = new BufferWriter(0);
        out.writeByte(-7);
        out.writeShort(0xfffe);
        out.writeInt(Integer.MIN_VALUE + 1);
        out.writeLong(Long.MIN_VALUE + 1);
        out.writeDouble(-0.0);
        out.writeBoolean(true);
        out.writeUuid(new Uuid(1, -2));

        // When
        WireReader in = new BufferReader(out.toBuffer());

        // Then
        assertThat(in.readByte()).isEqualTo((byte) -7);
        assertThat(in.readUnsignedShort()).isEqualTo(0xfffe);
        assertThat(in.readInt()).isEqualTo(Integer.MIN_VALUE + 1);
        assertThat(in.readLong()).isEqualTo(Long.MIN_VALUE + 1);
        assertThat(in.readDouble()).isEqualTo(-0.0);
        assertThat(in.readBoolean()).isTrue();
        assertThat(in.readUuid()).isEqualTo(new Uuid(1, -2));
        in.requireFullyRead();
    }

    @Test
    void shouldReadFromPositionToLimitOfDirectLittleEndianBufferAndLeaveItAlone() {
        // Given
        ByteBuffer buffer = ByteBuffer.allocateDirect(16).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(4, new byte[] {0, 5, 'h', (byte) 0xc3, (byte) 0xa9, 'l', 'o'})
                .position(4)
                .limit(11);

        // When
        WireReader in = new BufferReader(buffer);

        // Then
        assertThat(in.readString(in.readShortLength(), "text")).isEqualTo("hélo");
        assertThat(in.remaining()).isZero();
        assertThat(buffer.position()).isEqualTo(4);
    }

    @Test
    void shouldGiveRecordsAsViewOfTheInput() {
        // Given
        byte[] frame = {0, 0, 0, 2, 8, 9};
        WireReader in = new BufferReader(ByteBuffer.wrap(frame));

        // When
        RecordBytes records = in.readRecords(in.readIntLength(), "records");
        frame[4] = 77;

        // Then
        assertThat(records.toBuffer().get(0)).isEqualTo((byte) 77);
        assertThat(records.sizeInBytes()).isEqualTo(2);
    }

    @Test
    void shouldSayWhereTheInputIsMalformed() {
        // Given
        WireReader in = new BufferReader(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 0, 9, 'x'}));
        in.readInt();

        // When
        MalformedFrameException thrown = catchThrowableOfType(
                MalformedFrameException.class, () -> in.readString(in.readShortLength(), "groupId"));

        // Then
        assertThat(thrown).hasMessage("9 bytes wanted, 1 left (at byte 6)");
        assertThat(thrown.position()).isEqualTo(6);
    }

    @Test
    void shouldRefuseNullWhereThereIsNone() {
        assertMalformed("groupId must not be null", in -> in.readString(in.readShortLength(), "groupId"), 0xff, 0xff);
        assertMalformed("topics must not be null", in -> in.requireCount(in.readCompactLength(), 1, "topics"), 0);
    }

    @Test
    void shouldRefuseLengthsThatTheBytesLeftCannotHold() {
        assertMalformed("bytes wanted", in -> in.readBytes(in.readIntLength(), "b"), 0x7f, 0xff, 0xff, 0xff, 1);
        assertMalformed("bytes wanted", in -> in.readBytes(in.readCompactLength(), "b"), 3, 1);
        assertMalformed("a length of -2", WireReader::readIntLength, 0xff, 0xff, 0xff, 0xfe);
        assertMalformed("a length of -32768", WireReader::readShortLength, 0x80, 0);
        assertMalformed("a length of 4294967294", WireReader::readCompactLength, 0xff, 0xff, 0xff, 0xff, 0x0f);
        assertMalformed(
                "an array of 2147483647", in -> in.requireCount(in.readIntLength(), 8, "a"), 0x7f, 0xff, 0xff, 0xff);
        assertMalformed(
                "an array of 2 elements, 3 bytes left",
                in -> in.requireCount(in.readCompactLength(), 2, "a"),
                3,
                1,
                1,
                1);
    }

    @Test
    void shouldRefuseVarintsOfMoreThan32Bits() {
        assertMalformed("more than 32 bits", WireReader::readUnsignedVarint, 0xff, 0xff, 0xff, 0xff, 0x10);
        assertMalformed("more than 32 bits", WireReader::readUnsignedVarint, 0x80, 0x80, 0x80, 0x80, 0x80, 0);
    }

    @Test
    void shouldRefuseTaggedFieldsThatDoNotAddUp() {
        assertMalformed("tagged fields", WireReader::skipTaggedFields, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0);
        assertMalformed("2 tagged fields, 2 bytes left", WireReader::skipTaggedFields, 2, 0, 0);
        assertMalformed("tag 3 after tag 3", WireReader::skipTaggedFields, 2, 3, 0, 3, 0);
        assertMalformed("tag 1 after tag 2", WireReader::skipTaggedFields, 2, 2, 0, 1, 0);
        assertMalformed("bytes wanted", WireReader::skipTaggedFields, 1, 5, 9, 1);
    }

    @Test
    void shouldKeepTaggedFieldWithinItsSize() {
        // Given
        WireReader in = new BufferReader(ByteBuffer.wrap(new byte[] {2, 1, 2, 3}));

        // When
        int hidden = in.beginTaggedField();

        // Then
        assertThatThrownBy(in::readInt).isInstanceOf(MalformedFrameException.class);
        in.readByte();
        assertThatThrownBy(() -> in.endTaggedField(hidden)).hasMessageContaining("1 bytes too many");
        in.readByte();
        in.endTaggedField(hidden);
        assertThat(in.readByte()).isEqualTo((byte) 3);
    }

    private static void assertMalformed(String message, Consumer<WireReader> reading, int... bytes) {
        byte[] input = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            input[i] = (byte) bytes[i];
        }
        WireReader in = new BufferReader(ByteBuffer.wrap(input));
        assertThatThrownBy(() -> reading.accept(in))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining(message);
    }
}
