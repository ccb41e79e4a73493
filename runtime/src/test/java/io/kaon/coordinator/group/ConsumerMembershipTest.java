// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.coordinator.group.consumer.ConsumerGroups;
import io.kaon.coordinator.group.consumer.CurrentAssignment;
import io.kaon.coordinator.group.consumer.MemberProfile;
import io.kaon.coordinator.group.consumer.MemberState;
import io.kaon.coordinator.group.consumer.ModernGroupRecord;
import io.kaon.coordinator.group.consumer.PartitionEpochs;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Member {@code new} and, speaking the classic protocol, {@code old} are at epoch 5; both own partition 0 since 3. */
final class ConsumerMembershipTest {
    private static final Uuid TOPIC = new Uuid(0, 1);

    private final ConsumerGroups groups = new ConsumerGroups();

    private MemberCheck group() {
        groups.replay(new ModernGroupRecord.EpochStored("g", 5, 0));
        add("new", Optional.empty());
        add("old", Optional.of(new MemberProfile.ClassicSide(1, List.of())));
        return membership();
    }

    private MemberCheck membership() {
        return new ConsumerMembership(groups.find("g").orElseThrow());
    }

    private void add(String memberId, Optional<MemberProfile.ClassicSide> classic) {
        MemberProfile.Subscription subscription = new MemberProfile.Subscription(new TreeSet<>(List.of("t")), "");
        groups.replay(new ModernGroupRecord.MemberStored(
                "g",
                new MemberProfile(
                        memberId, "", "", new MemberProfile.Client("c", "/h"), subscription, 1_000, "", classic)));
        groups.replay(new ModernGroupRecord.CurrentStored(
                "g",
                memberId,
                new CurrentAssignment(
                        5,
                        4,
                        MemberState.STABLE,
                        new PartitionEpochs.Builder().add(TOPIC, 0, 3).build(),
                        new PartitionEpochs.Builder().add(TOPIC, 1, 4).build())));
    }

    @ParameterizedTest
    @CsvSource({
        "new,      5, 9, NONE",
        "new,      5, 8, UNSUPPORTED_VERSION",
        "old,      5, 8, NONE",
        "new,      6, 9, STALE_MEMBER_EPOCH",
        "old,      6, 9, ILLEGAL_GENERATION",
        "new,      4, 9, NONE",
        "stranger, 5, 9, UNKNOWN_MEMBER_ID",
        "'',      -1, 9, UNKNOWN_MEMBER_ID"
    })
    void shouldCheckCommits(String memberId, int epoch, short version, ErrorCode expected) {
        assertThat(group().onCommit(memberId, null, epoch, version)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "new,      5, NONE",
        "new,      6, STALE_MEMBER_EPOCH",
        "old,      6, ILLEGAL_GENERATION",
        "stranger, 5, UNKNOWN_MEMBER_ID",
        "'',      -1, NONE",
        "'',       5, UNKNOWN_MEMBER_ID"
    })
    void shouldCheckTransactionalCommits(String memberId, int epoch, ErrorCode expected) {
        assertThat(group().onTransactionalCommit(memberId, null, epoch)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "new, 5, 7, NONE",
        "new, 3, 0, NONE",
        "new, 2, 0, STALE_MEMBER_EPOCH",
        "new, 4, 1, NONE",
        "new, 3, 1, STALE_MEMBER_EPOCH",
        "new, 4, 7, STALE_MEMBER_EPOCH",
        "old, 2, 0, ILLEGAL_GENERATION"
    })
    void shouldLetMembersCommitWhatTheyOwnedWhenTheyHeardLast(
            String memberId, int epoch, int partition, ErrorCode expected) {
        assertThat(group().onPartition(memberId, epoch, TOPIC, partition)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        ",        -1, NONE",
        "new,      5, NONE",
        "new,      4, STALE_MEMBER_EPOCH",
        "old,      4, ILLEGAL_GENERATION",
        "stranger, 5, UNKNOWN_MEMBER_ID",
        ",         5, UNKNOWN_MEMBER_ID"
    })
    void shouldCheckFetches(String memberId, int epoch, ErrorCode expected) {
        assertThat(group().onFetch(memberId, epoch)).isEqualTo(expected);
    }

    @Test
    void shouldLetAnybodyCommitWhileTheGroupIsEmpty() {
        // Given
        groups.replay(new ModernGroupRecord.EpochStored("g", 5, 0));

        // Then
        assertThat(membership().onCommit("", null, -1, (short) 8)).isEqualTo(ErrorCode.NONE);
        assertThat(membership().onTransactionalCommit("x", null, -1)).isEqualTo(ErrorCode.NONE);
    }
}
