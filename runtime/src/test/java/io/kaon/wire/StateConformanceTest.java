// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.wire.state.AbortedTxn;
import io.kaon.wire.state.ConsumerGroupCurrentMemberAssignmentKey;
import io.kaon.wire.state.ConsumerGroupCurrentMemberAssignmentValue;
import io.kaon.wire.state.ConsumerGroupMemberMetadataKey;
import io.kaon.wire.state.ConsumerGroupMemberMetadataValue;
import io.kaon.wire.state.ConsumerGroupMetadataKey;
import io.kaon.wire.state.ConsumerGroupMetadataValue;
import io.kaon.wire.state.ConsumerGroupPartitionMetadataKey;
import io.kaon.wire.state.ConsumerGroupPartitionMetadataValue;
import io.kaon.wire.state.ConsumerGroupRegularExpressionKey;
import io.kaon.wire.state.ConsumerGroupRegularExpressionValue;
import io.kaon.wire.state.ConsumerGroupTargetAssignmentMemberKey;
import io.kaon.wire.state.ConsumerGroupTargetAssignmentMemberValue;
import io.kaon.wire.state.ConsumerGroupTargetAssignmentMetadataKey;
import io.kaon.wire.state.ConsumerGroupTargetAssignmentMetadataValue;
import io.kaon.wire.state.ControlRecordTypeSchema;
import io.kaon.wire.state.EndTxnMarker;
import io.kaon.wire.state.GroupMetadataKey;
import io.kaon.wire.state.GroupMetadataValue;
import io.kaon.wire.state.LegacyOffsetCommitKey;
import io.kaon.wire.state.LegacyOffsetCommitValue;
import io.kaon.wire.state.MetadataRecordType;
import io.kaon.wire.state.OffsetCommitKey;
import io.kaon.wire.state.OffsetCommitValue;
import io.kaon.wire.state.ProducerSnapshot;
import io.kaon.wire.state.ShareGroupCurrentMemberAssignmentKey;
import io.kaon.wire.state.ShareGroupCurrentMemberAssignmentValue;
import io.kaon.wire.state.ShareGroupMemberMetadataKey;
import io.kaon.wire.state.ShareGroupMemberMetadataValue;
import io.kaon.wire.state.ShareGroupMetadataKey;
import io.kaon.wire.state.ShareGroupMetadataValue;
import io.kaon.wire.state.ShareGroupStatePartitionMetadataKey;
import io.kaon.wire.state.ShareGroupStatePartitionMetadataValue;
import io.kaon.wire.state.ShareGroupTargetAssignmentMemberKey;
import io.kaon.wire.state.ShareGroupTargetAssignmentMemberValue;
import io.kaon.wire.state.ShareGroupTargetAssignmentMetadataKey;
import io.kaon.wire.state.ShareGroupTargetAssignmentMetadataValue;
import io.kaon.wire.state.ShareSnapshotKey;
import io.kaon.wire.state.ShareSnapshotValue;
import io.kaon.wire.state.ShareUpdateKey;
import io.kaon.wire.state.ShareUpdateValue;
import io.kaon.wire.state.StreamsGroupCurrentMemberAssignmentKey;
import io.kaon.wire.state.StreamsGroupCurrentMemberAssignmentValue;
import io.kaon.wire.state.StreamsGroupMemberMetadataKey;
import io.kaon.wire.state.StreamsGroupMemberMetadataValue;
import io.kaon.wire.state.StreamsGroupMetadataKey;
import io.kaon.wire.state.StreamsGroupMetadataValue;
import io.kaon.wire.state.StreamsGroupTargetAssignmentMemberKey;
import io.kaon.wire.state.StreamsGroupTargetAssignmentMemberValue;
import io.kaon.wire.state.StreamsGroupTargetAssignmentMetadataKey;
import io.kaon.wire.state.StreamsGroupTargetAssignmentMetadataValue;
import io.kaon.wire.state.StreamsGroupTopologyKey;
import io.kaon.wire.state.StreamsGroupTopologyValue;
import io.kaon.wire.state.TransactionLogKey;
import io.kaon.wire.state.TransactionLogValue;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The records that we persist: Kafka's against the classes of Kafka's own coordinators, ours against themselves. */
class StateConformanceTest {
    private static final int MESSAGES_PER_VERSION = 20;
    private static final long SEED = 20_260_801L;

    @ParameterizedTest
    @MethodSource("kafkasRecords")
    void shouldAgreeWithKafkaOnEveryVersion(Supplier<? extends Message> maker) {
        String name = maker.get().getClass().getSimpleName();
        for (short version = constant(maker, "LOWEST_VERSION");
                version <= constant(maker, "HIGHEST_VERSION");
                version++) {
            for (long seed = SEED; seed < SEED + MESSAGES_PER_VERSION; seed++) {
                // Given
                byte[] bytes = RoundTrip.write(new RandomMessages(seed).fill(maker.get(), version), version);

                // When / Then
                new RoundTrip(maker, version, seed).throughOracle(bytes, Oracle.STATE.state(name));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kafkasRecords")
    void shouldKnowTheVersionsAndTheTypeThatKafkaKnows(Supplier<? extends Message> maker) {
        // Given
        Object theirs =
                Oracle.STATE.state(maker.get().getClass().getSimpleName()).message();

        // When / Then
        assertThat(OracleMessage.call(theirs, "lowestSupportedVersion")).isEqualTo(constant(maker, "LOWEST_VERSION"));
        assertThat(OracleMessage.call(theirs, "highestSupportedVersion")).isEqualTo(constant(maker, "HIGHEST_VERSION"));
        if (maker.get() instanceof StateMessage) {
            assertThat(OracleMessage.call(theirs, "apiKey")).isEqualTo(constant(maker, "RECORD_TYPE"));
        }
    }

    @ParameterizedTest
    @EnumSource(MetadataRecordType.class)
    void shouldReadBackOurMetadataRecords(MetadataRecordType type) {
        StateMessage empty = type.newRecord();
        for (short version = empty.lowestVersion(); version <= empty.highestVersion(); version++) {
            for (long seed = SEED; seed < SEED + MESSAGES_PER_VERSION; seed++) {
                // Given
                StateMessage record = new RandomMessages(seed).fill(type.newRecord(), version);
                byte[] bytes = RoundTrip.write(record, version);

                // When
                Message read = new RoundTrip(type::newRecord, version, seed).readFully(bytes);

                // Then
                assertThat(RoundTrip.write(read, version))
                        .as("%s version %s seed %s", type, version, seed)
                        .isEqualTo(bytes);
            }
        }
    }

    @Test
    void shouldFindMetadataRecordsByTheirNumber() {
        for (MetadataRecordType type : MetadataRecordType.values()) {
            assertThat(MetadataRecordType.of(type.id())).contains(type);
            assertThat(type.newRecord().recordType()).isEqualTo(type.id());
        }
        assertThat(MetadataRecordType.of(Short.MIN_VALUE)).isEmpty();
    }

    private static short constant(Supplier<? extends Message> maker, String name) {
        try {
            return maker.get().getClass().getField(name).getShort(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<Supplier<? extends Message>> kafkasRecords() {
        return Stream.of(
                AbortedTxn::new,
                ConsumerGroupCurrentMemberAssignmentKey::new,
                ConsumerGroupCurrentMemberAssignmentValue::new,
                ConsumerGroupMemberMetadataKey::new,
                ConsumerGroupMemberMetadataValue::new,
                ConsumerGroupMetadataKey::new,
                ConsumerGroupMetadataValue::new,
                ConsumerGroupPartitionMetadataKey::new,
                ConsumerGroupPartitionMetadataValue::new,
                ConsumerGroupRegularExpressionKey::new,
                ConsumerGroupRegularExpressionValue::new,
                ConsumerGroupTargetAssignmentMemberKey::new,
                ConsumerGroupTargetAssignmentMemberValue::new,
                ConsumerGroupTargetAssignmentMetadataKey::new,
                ConsumerGroupTargetAssignmentMetadataValue::new,
                ControlRecordTypeSchema::new,
                EndTxnMarker::new,
                GroupMetadataKey::new,
                GroupMetadataValue::new,
                LegacyOffsetCommitKey::new,
                LegacyOffsetCommitValue::new,
                OffsetCommitKey::new,
                OffsetCommitValue::new,
                ProducerSnapshot::new,
                ShareGroupCurrentMemberAssignmentKey::new,
                ShareGroupCurrentMemberAssignmentValue::new,
                ShareGroupMemberMetadataKey::new,
                ShareGroupMemberMetadataValue::new,
                ShareGroupMetadataKey::new,
                ShareGroupMetadataValue::new,
                ShareGroupStatePartitionMetadataKey::new,
                ShareGroupStatePartitionMetadataValue::new,
                ShareGroupTargetAssignmentMemberKey::new,
                ShareGroupTargetAssignmentMemberValue::new,
                ShareGroupTargetAssignmentMetadataKey::new,
                ShareGroupTargetAssignmentMetadataValue::new,
                ShareSnapshotKey::new,
                ShareSnapshotValue::new,
                ShareUpdateKey::new,
                ShareUpdateValue::new,
                StreamsGroupCurrentMemberAssignmentKey::new,
                StreamsGroupCurrentMemberAssignmentValue::new,
                StreamsGroupMemberMetadataKey::new,
                StreamsGroupMemberMetadataValue::new,
                StreamsGroupMetadataKey::new,
                StreamsGroupMetadataValue::new,
                StreamsGroupTargetAssignmentMemberKey::new,
                StreamsGroupTargetAssignmentMemberValue::new,
                StreamsGroupTargetAssignmentMetadataKey::new,
                StreamsGroupTargetAssignmentMetadataValue::new,
                StreamsGroupTopologyKey::new,
                StreamsGroupTopologyValue::new,
                TransactionLogKey::new,
                TransactionLogValue::new);
    }
}
