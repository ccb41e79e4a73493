// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.Uuid;
import io.kaon.coordinator.KeyValue;
import io.kaon.coordinator.group.assignor.Assignment;
import io.kaon.coordinator.group.assignor.PartitionSet;
import io.kaon.coordinator.group.consumer.MemberProfile.Client;
import io.kaon.coordinator.group.consumer.MemberProfile.Subscription;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModernRecordCodecTest {
    private static final Uuid TOPIC = new Uuid(3, 4);

    static Stream<ModernGroupRecord> records() {
        MemberProfile member = new MemberProfile(
                "m",
                "i",
                "r",
                new Client("c", "/h"),
                new Subscription(new TreeSet<>(Set.of("b", "a")), "x.*"),
                300_000,
                "range",
                Optional.empty());
        MemberProfile plain =
                new MemberProfile("m", "", "", new Client("c", "/h"), Subscription.NONE, -1, "", Optional.empty());
        CurrentAssignment current = new CurrentAssignment(
                7,
                6,
                MemberState.UNREVOKED_PARTITIONS,
                new PartitionEpochs.Builder().add(TOPIC, 0, 5).add(TOPIC, 2, 7).build(),
                new PartitionEpochs.Builder().add(TOPIC, 1, 4).build());
        return Stream.of(
                new ModernGroupRecord.EpochStored("g", 3, 99),
                new ModernGroupRecord.EpochRemoved("g"),
                new ModernGroupRecord.MemberStored("g", member),
                new ModernGroupRecord.MemberStored("g", plain),
                new ModernGroupRecord.MemberRemoved("g", "m"),
                new ModernGroupRecord.TargetEpochStored("g", 3, 1_234),
                new ModernGroupRecord.TargetEpochRemoved("g"),
                new ModernGroupRecord.TargetStored("g", "m", new Assignment(Map.of(TOPIC, PartitionSet.of(0, 5)))),
                new ModernGroupRecord.TargetRemoved("g", "m"),
                new ModernGroupRecord.CurrentStored("g", "m", current),
                new ModernGroupRecord.CurrentRemoved("g", "m"),
                new ModernGroupRecord.RegexStored("g", "x.*", new ResolvedRegex(new TreeSet<>(Set.of("x1")), 12, 34)),
                new ModernGroupRecord.RegexRemoved("g", "x.*"),
                new ModernGroupRecord.TopicMetadataStored("g"),
                new ModernGroupRecord.TopicMetadataRemoved("g"));
    }

    @ParameterizedTest
    @MethodSource("records")
    void shouldReadWhatItWrites(ModernGroupRecord record) {
        assertThat(ModernRecordCodec.decode(ModernRecordCodec.encode(record))).contains(record);
    }

    @Test
    void shouldLeaveOtherTypesAside() {
        // Given
        ByteBuffer shareGroup = ByteBuffer.wrap(new byte[] {0, 11, 0, 1, 'g'});

        // Then
        assertThat(ModernRecordCodec.decode(KeyValue.tombstone(shareGroup))).isEmpty();
    }
}
