// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.Uuid;
import io.kaon.coordinator.KeyValue;
import io.kaon.coordinator.group.assignor.Assignment;
import io.kaon.coordinator.group.assignor.PartitionSet;
import io.kaon.coordinator.group.consumer.CurrentAssignment;
import io.kaon.coordinator.group.consumer.MemberProfile;
import io.kaon.coordinator.group.consumer.MemberState;
import io.kaon.coordinator.group.consumer.ModernGroupRecord;
import io.kaon.coordinator.group.consumer.ModernRecordCodec;
import io.kaon.coordinator.group.consumer.PartitionEpochs;
import io.kaon.coordinator.group.consumer.ResolvedRegex;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What we persist of consumer groups, read by the classes of Kafka's own group coordinator. */
class ConsumerGroupRecordsConformanceTest {
    private static final Uuid TOPIC = new Uuid(1, 2);
    private static final MemberProfile.ClassicSide CLASSIC = new MemberProfile.ClassicSide(
            45_000, List.of(new MemberProfile.ClassicProtocol("range", new byte[] {1, 2, 3})));

    static List<Arguments> records() {
        PartitionEpochs assigned =
                new PartitionEpochs.Builder().add(TOPIC, 0, 5).add(TOPIC, 2, 7).build();
        PartitionEpochs revoking =
                new PartitionEpochs.Builder().add(TOPIC, 1, 4).build();
        return List.of(
                Arguments.of(3, "ConsumerGroupMetadata", new ModernGroupRecord.EpochStored("g", 3, 99)),
                Arguments.of(3, "ConsumerGroupMetadata", new ModernGroupRecord.EpochStored("g", 3, 0)),
                Arguments.of(4, "ConsumerGroupPartitionMetadata", new ModernGroupRecord.TopicMetadataStored("g")),
                Arguments.of(5, "ConsumerGroupMemberMetadata", stored("instance", "topic-.*", Optional.empty())),
                Arguments.of(5, "ConsumerGroupMemberMetadata", stored("", "", Optional.of(CLASSIC))),
                Arguments.of(
                        6,
                        "ConsumerGroupTargetAssignmentMetadata",
                        new ModernGroupRecord.TargetEpochStored("g", 3, 1_234)),
                Arguments.of(
                        7,
                        "ConsumerGroupTargetAssignmentMember",
                        new ModernGroupRecord.TargetStored(
                                "g", "m", new Assignment(Map.of(TOPIC, PartitionSet.of(0, 5))))),
                Arguments.of(
                        8,
                        "ConsumerGroupCurrentMemberAssignment",
                        new ModernGroupRecord.CurrentStored(
                                "g",
                                "m",
                                new CurrentAssignment(7, 6, MemberState.UNREVOKED_PARTITIONS, assigned, revoking))),
                Arguments.of(
                        16,
                        "ConsumerGroupRegularExpression",
                        new ModernGroupRecord.RegexStored(
                                "g", "topic-.*", new ResolvedRegex(new TreeSet<>(Set.of("topic-1")), 12, 34))));
    }

    private static ModernGroupRecord stored(
            String instanceId, String regex, Optional<MemberProfile.ClassicSide> classic) {
        return new ModernGroupRecord.MemberStored(
                "g",
                new MemberProfile(
                        "m",
                        instanceId,
                        "",
                        new MemberProfile.Client("client", "/127.0.0.1"),
                        new MemberProfile.Subscription(new TreeSet<>(Set.of("b", "a")), regex),
                        300_000,
                        "range",
                        classic));
    }

    @ParameterizedTest
    @MethodSource("records")
    void shouldWriteWhatKafkaReadsAndWouldWrite(int type, String name, ModernGroupRecord record) {
        // When
        KeyValue bytes = ModernRecordCodec.encode(record);
        byte[] key = bytes(bytes.key());
        byte[] value = bytes(bytes.value().orElseThrow());

        // Then
        assertThat(prefix(key)).isEqualTo(type);
        assertThat(prefix(value)).isZero();
        assertThat(rest(Oracle.STATE.state(name + "Key"), key)).isEqualTo(body(key));
        assertThat(rest(Oracle.STATE.state(name + "Value"), value)).isEqualTo(body(value));
    }

    /** A member without this field, whose default is not null, is one of the classic protocol to Kafka. */
    @Test
    void shouldTellKafkaWhichProtocolAMemberSpeaks() {
        // Given
        KeyValue modern = ModernRecordCodec.encode(stored("", "", Optional.empty()));
        KeyValue classic = ModernRecordCodec.encode(stored("", "", Optional.of(CLASSIC)));

        // Then
        assertThat(classicSide(modern)).isNull();
        assertThat(classicSide(classic).toString()).contains("sessionTimeoutMs=45000", "range");
    }

    private static Object classicSide(KeyValue bytes) {
        OracleMessage member = Oracle.STATE
                .state("ConsumerGroupMemberMetadataValue")
                .read(body(bytes(bytes.value().orElseThrow())), (short) 0);
        return OracleMessage.call(member.message(), "classicMemberMetadata");
    }

    private static byte[] rest(OracleMessage message, byte[] prefixed) {
        return message.read(body(prefixed), (short) 0).write((short) 0);
    }

    private static int prefix(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getShort();
    }

    private static byte[] body(byte[] prefixed) {
        return Arrays.copyOfRange(prefixed, Short.BYTES, prefixed.length);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
