// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.coordinator.KeyValue;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes here were compared with what Kafka 4.4's own record classes write. */
final class GroupRecordCodecTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 3);

    private final GroupRecordCodec codec = new GroupRecordCodec();

    @Test
    void shouldWriteOffsetsAsKafkaDoes() {
        // When
        KeyValue bytes =
                codec.encode(new GroupRecord.OffsetCommitted("g", PARTITION, new OffsetEntry(42, 7, "m", 1000, -1)));

        // Then
        assertThat(hex(bytes.key())).isEqualTo("0001" + "000167" + "000174" + "00000003");
        assertThat(hex(bytes.value().orElseThrow()))
                .isEqualTo("0004" + "000000000000002a" + "00000007" + "026d" + "00000000000003e8" + "00");
    }

    @Test
    void shouldWriteExpiringOffsetsInTheVersionThatHasTheField() {
        // Given
        OffsetEntry entry = new OffsetEntry(42, -1, "", 1000, 2000);

        // When
        KeyValue bytes = codec.encode(new GroupRecord.OffsetCommitted("g", PARTITION, entry));

        // Then
        assertThat(hex(bytes.value().orElseThrow()))
                .isEqualTo("0001" + "000000000000002a" + "0000" + "00000000000003e8" + "00000000000007d0");
        assertThat(codec.decode(bytes)).contains(new GroupRecord.OffsetCommitted("g", PARTITION, entry));
    }

    @Test
    void shouldWriteGroupsAsKafkaDoes() {
        // Given
        StoredMember member = new StoredMember(
                "m", "i", new ClientIdentity("c", "/h"), new MemberTimeouts(300, 10), new byte[] {1}, new byte[] {2, 3
                });
        StoredGroup group = new StoredGroup("consumer", 5, "range", "m", 1000, List.of(member));

        // When
        KeyValue bytes = codec.encode(new GroupRecord.GroupStored("g", group));

        // Then
        assertThat(hex(bytes.key())).isEqualTo("0002" + "000167");
        assertThat(hex(bytes.value().orElseThrow()))
                .isEqualTo("0003" + "0008636f6e73756d6572" + "00000005" + "000572616e6765" + "00016d"
                        + "00000000000003e8" + "00000001" + "00016d" + "000169" + "000163" + "00022f68" + "0000012c"
                        + "0000000a" + "0000000101" + "000000020203");
        GroupRecord.GroupStored decoded =
                (GroupRecord.GroupStored) codec.decode(bytes).orElseThrow();
        assertThat(decoded.group()).usingRecursiveComparison().isEqualTo(group);
    }

    @Test
    void shouldWriteNothingAsNullInEmptyGroup() {
        // Given
        StoredGroup group = new StoredGroup("consumer", 6, "", "", 1000, List.of());

        // When
        KeyValue bytes = codec.encode(new GroupRecord.GroupStored("g", group));

        // Then
        assertThat(hex(bytes.value().orElseThrow()))
                .isEqualTo("0003" + "0008636f6e73756d6572" + "00000006" + "ffff" + "ffff" + "00000000000003e8"
                        + "00000000");
        assertThat(codec.decode(bytes)).contains(new GroupRecord.GroupStored("g", group));
    }

    @Test
    void shouldWriteAndReadTombstones() {
        GroupRecord offset = new GroupRecord.OffsetRemoved("g", PARTITION);
        GroupRecord group = new GroupRecord.GroupRemoved("g");
        assertThat(codec.encode(offset).value()).isEmpty();
        assertThat(codec.decode(codec.encode(offset))).contains(offset);
        assertThat(codec.decode(codec.encode(group))).contains(group);
    }

    @Test
    void shouldReadOldOffsetKeysAndNewerValues() {
        // Given: a key of type 0, a value of version 4 with the topic's id as tagged field
        KeyValue bytes = KeyValue.of(
                bytes("0000" + "000167" + "000174" + "00000003"),
                bytes("0004" + "000000000000002a" + "00000007" + "026d" + "00000000000003e8" + "010010"
                        + "00000000000000010000000000000002"));

        // Then
        assertThat(codec.decode(bytes))
                .contains(new GroupRecord.OffsetCommitted(
                        "g", PARTITION, new OffsetEntry(42, 7, "m", 1000, -1).ofTopic(new Uuid(1, 2))));
    }

    @Test
    void shouldSkipRecordsOfOtherProtocols() {
        KeyValue shareGroup = KeyValue.of(bytes("000b" + "000167"), bytes("0000" + "00000001"));
        assertThat(codec.decode(shareGroup)).isEmpty();
    }

    @Test
    void shouldRefuseValueCutAtEachByteAndVersionsThatItDoesNotKnow() {
        // Given
        KeyValue whole =
                codec.encode(new GroupRecord.OffsetCommitted("g", PARTITION, new OffsetEntry(42, 7, "m", 1000, -1)));
        ByteBuffer value = whole.value().orElseThrow();

        // Then
        for (int length = 0; length < value.limit(); length++) {
            KeyValue cut = KeyValue.of(whole.key(), value.duplicate().limit(length));
            assertThatThrownBy(() -> codec.decode(cut)).isInstanceOf(RuntimeException.class);
        }
        assertThatThrownBy(() -> codec.decode(KeyValue.of(whole.key(), bytes("0005" + "00"))))
                .hasMessageContaining("version 5");
    }

    private static String hex(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }
}
