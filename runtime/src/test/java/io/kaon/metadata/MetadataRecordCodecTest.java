// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.wire.BufferReader;
import io.kaon.wire.BufferWriter;
import io.kaon.wire.MalformedFrameException;
import io.kaon.wire.StateMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetadataRecordCodecTest {
    @Test
    void shouldReadWhatItWrote() {
        // Given
        List<StateMessage> records = new ArrayList<>();
        new RandomHistory(5).entries(300).forEach(records::addAll);

        // When
        List<StateMessage> read = MetadataRecordCodec.read(new BufferReader(encoded(records)));

        // Then
        assertThat(read).isEqualTo(records);
        assertThat(records).extracting(it -> (int) it.recordType()).contains(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    }

    @Test
    void shouldRefuseInputCutAnywhere() {
        // Given
        List<StateMessage> records = new RandomHistory(6).entries(1).get(0);
        ByteBuffer bytes = encoded(records);

        for (int length = 0; length < bytes.limit(); length++) {
            ByteBuffer cut = bytes.duplicate().limit(length);

            // When, Then
            assertThatThrownBy(() -> MetadataRecordCodec.read(new BufferReader(cut)))
                    .isInstanceOf(MalformedFrameException.class);
        }
    }

    @Test
    void shouldSayThatNewerRecordsAreUnknown() {
        // Given
        BufferWriter out = new BufferWriter();
        out.writeUnsignedVarint(1);
        out.writeUnsignedVarint(77);
        out.writeUnsignedVarint(0);
        out.writeUnsignedVarint(0);

        // When, Then
        assertThatThrownBy(() -> MetadataRecordCodec.read(new BufferReader(out.toBuffer())))
                .isInstanceOf(UnknownMetadataException.class)
                .hasMessageContaining("type 77")
                .hasMessageContaining("newer version");
    }

    private static ByteBuffer encoded(List<StateMessage> records) {
        BufferWriter out = new BufferWriter();
        MetadataRecordCodec.write(out, records);
        return out.toBuffer();
    }
}
