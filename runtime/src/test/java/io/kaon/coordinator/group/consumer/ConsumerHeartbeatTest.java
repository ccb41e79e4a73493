// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import static io.kaon.coordinator.group.consumer.ConsumerFixture.assigned;
import static io.kaon.coordinator.group.consumer.ConsumerFixture.beat;
import static io.kaon.coordinator.group.consumer.ConsumerFixture.join;
import static io.kaon.coordinator.group.consumer.ConsumerFixture.owned;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.coordinator.group.GroupRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsumerHeartbeatTest {
    private final ConsumerFixture fixture = new ConsumerFixture();

    @Test
    void shouldGiveTheFirstMemberEverythingWithItsFirstAnswer() {
        // Given
        Uuid topic = fixture.topic("topic", 3);

        // When
        ConsumerGroupHeartbeatResponse response = fixture.heartbeat(join("a", "topic"));

        // Then
        assertThat(response.errorCode()).isZero();
        assertThat(response.memberId()).isEqualTo("a");
        assertThat(response.memberEpoch()).isEqualTo(1);
        assertThat(response.heartbeatIntervalMs()).isEqualTo(5_000);
        assertThat(assigned(response)).isEqualTo(Map.of(topic, List.of(0, 1, 2)));
        assertThat(fixture.describe().groupState()).isEqualTo("Stable");
    }

    @Test
    void shouldNameAMemberThatComesWithoutId() {
        // When
        String memberId = fixture.done(fixture.coordinator.consumerGroupHeartbeat(
                        new GroupRequest("c", "/h", (short) 0), join("", "topic")))
                .memberId();

        // Then
        assertThat(Uuid.parse(memberId)).isEqualTo(new Uuid(7, 1));
    }

    @Test
    void shouldSayNothingNewWhenNothingChanges() {
        // Given
        fixture.topic("topic", 3);
        fixture.heartbeat(join("a", "topic"));
        int written = fixture.log.records().size();

        // When
        ConsumerGroupHeartbeatResponse response = fixture.heartbeat(beat("a", 1));

        // Then
        assertThat(response.memberEpoch()).isEqualTo(1);
        assertThat(response.assignment()).isNull();
        assertThat(fixture.log.records()).hasSize(written);
    }

    @Test
    void shouldTellAllAgainToAMemberThatSaysAll() {
        // Given
        Uuid topic = fixture.topic("topic", 2);
        fixture.heartbeat(join("a", "topic"));

        // When
        ConsumerGroupHeartbeatResponse response =
                fixture.heartbeat(join("a", "topic").setMemberEpoch(1).setTopicPartitions(owned(topic, 0, 1)));

        // Then
        assertThat(assigned(response)).isEqualTo(Map.of(topic, List.of(0, 1)));
    }

    @Test
    void shouldGiveAPartitionToTheNextOwnerOnlyAfterTheFirstHasGivenItUp() {
        // Given
        Uuid topic = fixture.topic("topic", 2);
        fixture.heartbeat(join("a", "topic"));

        // When
        ConsumerGroupHeartbeatResponse joined = fixture.heartbeat(join("b", "topic"));
        ConsumerGroupHeartbeatResponse toldToRevoke = fixture.heartbeat(beat("a", 1));
        ConsumerGroupHeartbeatResponse stillWaiting = fixture.heartbeat(beat("b", 2));

        // Then
        assertThat(joined.memberEpoch()).isEqualTo(2);
        assertThat(assigned(joined)).isEmpty();
        assertThat(toldToRevoke.memberEpoch()).isEqualTo(1);
        assertThat(assigned(toldToRevoke).get(topic)).hasSize(1);
        assertThat(stillWaiting.assignment()).isNull();
        assertThat(fixture.describe().groupState()).isEqualTo("Reconciling");

        // When
        Integer kept = assigned(toldToRevoke).get(topic).get(0);
        ConsumerGroupHeartbeatResponse acknowledged =
                fixture.heartbeat(beat("a", 1).setTopicPartitions(owned(topic, kept)));
        ConsumerGroupHeartbeatResponse given = fixture.heartbeat(beat("b", 2));

        // Then
        assertThat(acknowledged.memberEpoch()).isEqualTo(2);
        assertThat(assigned(given)).isEqualTo(Map.of(topic, List.of(1 - kept)));
        assertThat(fixture.describe().groupState()).isEqualTo("Stable");
    }

    @Test
    void shouldReassignWhatALeavingMemberHad() {
        // Given
        Uuid topic = fixture.topic("topic", 2);
        settledPair(topic);

        // When
        ConsumerGroupHeartbeatResponse left = fixture.heartbeat(beat("b", -1));
        ConsumerGroupHeartbeatResponse next = fixture.heartbeat(beat("a", 2));

        // Then
        assertThat(left.memberEpoch()).isEqualTo(-1);
        assertThat(next.memberEpoch()).isEqualTo(3);
        assertThat(assigned(next)).isEqualTo(Map.of(topic, List.of(0, 1)));
        assertThat(fixture.error(beat("b", 2))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldKeepTheGroupWithoutMembersAndAssignAtOnceWhenOneComes() {
        // Given
        fixture.configure(new ConsumerGroupConfig(45_000, 5_000, 10_000, 0));
        Uuid topic = fixture.topic("topic", 1);
        fixture.heartbeat(join("a", "topic"));
        fixture.heartbeat(beat("a", -1));

        // When
        String state = fixture.describe().groupState();
        ConsumerGroupHeartbeatResponse response = fixture.heartbeat(join("b", "topic"));

        // Then
        assertThat(state).isEqualTo("Empty");
        assertThat(assigned(response)).isEqualTo(Map.of(topic, List.of(0)));
    }

    @Test
    void shouldFenceAnEpochThatIsNotTheMembers() {
        // Given
        Uuid topic = fixture.topic("topic", 2);
        settledPair(topic);

        // Then
        assertThat(fixture.error(beat("a", 3))).isEqualTo(ErrorCode.FENCED_MEMBER_EPOCH);
        assertThat(fixture.error(beat("a", 1))).isEqualTo(ErrorCode.FENCED_MEMBER_EPOCH);
        assertThat(fixture.error(beat("a", 1).setTopicPartitions(owned(topic, 0, 1))))
                .isEqualTo(ErrorCode.FENCED_MEMBER_EPOCH);
        assertThat(fixture.error(beat("a", 2))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldAcceptTheEpochBeforeWhenTheAnswerMayHaveBeenLost() {
        // Given
        Uuid topic = fixture.topic("topic", 2);
        Integer kept = settledPair(topic);

        // When
        ConsumerGroupHeartbeatResponse response =
                fixture.heartbeat(beat("a", 1).setTopicPartitions(owned(topic, kept)));

        // Then
        assertThat(response.errorCode()).isZero();
        assertThat(response.memberEpoch()).isEqualTo(2);
    }

    @Test
    void shouldTakeAMemberBackThatStartsFromNothing() {
        // Given
        Uuid topic = fixture.topic("topic", 2);
        fixture.heartbeat(join("a", "topic"));

        // When
        ConsumerGroupHeartbeatResponse response = fixture.heartbeat(join("a", "topic"));

        // Then
        assertThat(response.memberEpoch()).isEqualTo(1);
        assertThat(assigned(response)).isEqualTo(Map.of(topic, List.of(0, 1)));
        assertThat(fixture.describe().members()).hasSize(1);
    }

    @Test
    void shouldRefuseWhoIsNotThere() {
        // Given
        fixture.topic("topic", 1);

        // Then
        assertThat(fixture.error(beat("a", 1))).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(fixture.error(beat("a", -1))).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        fixture.heartbeat(join("b", "topic"));
        assertThat(fixture.error(beat("a", 1))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(fixture.error(beat("a", -1))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldRefuseMoreMembersThanTheGroupMayHave() {
        // Given
        ConsumerFixture small = new ConsumerFixture(
                new ConsumerGroupOptions(1, List.of("uniform"), MigrationPolicy.DISABLED), ConsumerFixture.AT_ONCE);
        small.topic("topic", 1);
        small.heartbeat(join("a", "topic"));

        // Then
        assertThat(small.error(join("b", "topic"))).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
        assertThat(small.error(join("a", "topic"))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldFollowAChangedSubscription() {
        // Given
        Uuid one = fixture.topic("one", 1);
        Uuid two = fixture.topic("two", 1);
        fixture.heartbeat(join("a", "one"));

        // When
        ConsumerGroupHeartbeatResponse revoked =
                fixture.heartbeat(beat("a", 1).setSubscribedTopicNames(List.of("two")));
        ConsumerGroupHeartbeatResponse given = fixture.heartbeat(beat("a", 1).setTopicPartitions(List.of()));

        // Then
        assertThat(assigned(revoked)).doesNotContainKey(one);
        assertThat(given.memberEpoch()).isEqualTo(2);
        assertThat(assigned(given)).isEqualTo(Map.of(two, List.of(0)));
    }

    @Test
    void shouldUseTheAssignorThatMostMembersPrefer() {
        // Given
        fixture.topic("topic", 2);
        fixture.heartbeat(join("a", "topic"));

        // When
        fixture.heartbeat(beat("a", 1).setServerAssignor("range"));

        // Then
        assertThat(fixture.describe().assignorName()).isEqualTo("range");
        assertThat(fixture.describe().groupEpoch()).isEqualTo(2);
    }

    @Test
    void shouldNoticeTopicsThatComeGrowAndGo() {
        // Given
        fixture.heartbeat(join("a", "topic"));
        assertThat(fixture.describe().members().get(0).memberEpoch()).isEqualTo(1);

        // When
        Uuid first = fixture.topic("topic", 1);
        ConsumerGroupHeartbeatResponse came = fixture.heartbeat(beat("a", 1));
        fixture.topic("topic", 2);
        ConsumerGroupHeartbeatResponse grew = fixture.heartbeat(beat("a", 2));
        fixture.removeTopic("topic");
        Uuid second = fixture.topic("topic", 1);
        ConsumerGroupHeartbeatResponse told = fixture.heartbeat(beat("a", 3));
        ConsumerGroupHeartbeatResponse anew = fixture.heartbeat(beat("a", 3).setTopicPartitions(List.of()));

        // Then
        assertThat(assigned(came)).isEqualTo(Map.of(first, List.of(0)));
        assertThat(assigned(grew)).isEqualTo(Map.of(first, List.of(0, 1)));
        assertThat(assigned(told)).isEmpty();
        assertThat(assigned(anew)).isEqualTo(Map.of(second, List.of(0)));
    }

    @Test
    void shouldNotMindTopicsOfOthers() {
        // Given
        fixture.topic("topic", 1);
        fixture.heartbeat(join("a", "topic"));
        int written = fixture.log.records().size();

        // When
        fixture.topic("other", 1);
        ConsumerGroupHeartbeatResponse response = fixture.heartbeat(beat("a", 1));

        // Then
        assertThat(response.memberEpoch()).isEqualTo(1);
        assertThat(fixture.log.records()).hasSize(written);
    }

    @Test
    void shouldAssignMembersTogetherThatComeWithinTheInterval() {
        // Given
        fixture.configure(new ConsumerGroupConfig(45_000, 5_000, 1_000, 500));
        Uuid topic = fixture.topic("topic", 4);
        fixture.heartbeat(join("a", "topic"));
        fixture.time.advance(100);

        // When
        ConsumerGroupHeartbeatResponse early = fixture.heartbeat(join("b", "topic"));
        fixture.heartbeat(join("c", "topic"));
        String state = fixture.describe().groupState();
        fixture.time.advance(900);
        fixture.heartbeat(beat("b", 1));

        // Then
        assertThat(early.memberEpoch()).isEqualTo(1);
        assertThat(assigned(early)).isEmpty();
        assertThat(state).isEqualTo("Assigning");
        assertThat(fixture.describe().assignmentEpoch()).isEqualTo(3);
        assertThat(assigned(fixture.heartbeat(beat("a", 1)))).doesNotContainEntry(topic, List.of(0, 1, 2, 3));
    }

    @Test
    void shouldAskToBeHeardSoonerWhileTheGroupSettles() {
        // Given
        fixture.configure(new ConsumerGroupConfig(45_000, 5_000, 0, 500));
        fixture.topic("topic", 4);

        // When
        int joining = fixture.heartbeat(join("a", "topic")).heartbeatIntervalMs();
        fixture.time.advance(Pace.SETTLING_MS - 1);
        int settling = fixture.heartbeat(beat("a", 1)).heartbeatIntervalMs();
        fixture.time.advance(1);
        int settled = fixture.heartbeat(beat("a", 1)).heartbeatIntervalMs();

        // Then
        assertThat(List.of(joining, settling, settled)).containsExactly(500, 500, 5_000);
    }

    @Test
    void shouldRemoveAMemberThatIsSilent() {
        // Given
        Uuid topic = fixture.topic("topic", 2);
        settledPair(topic);
        fixture.time.advance(ConsumerFixture.SESSION_MS - 1);
        fixture.heartbeat(beat("a", 2));

        // When
        fixture.time.advance(1);

        // Then
        assertThat(fixture.error(beat("b", 2))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(assigned(fixture.heartbeat(beat("a", 2)))).isEqualTo(Map.of(topic, List.of(0, 1)));
    }

    @Test
    void shouldRemoveAMemberThatDoesNotGiveUpInTime() {
        // Given
        fixture.configure(new ConsumerGroupConfig(600_000, 5_000, 0, 0));
        Uuid topic = fixture.topic("topic", 2);
        fixture.heartbeat(join("a", "topic"));
        fixture.heartbeat(join("b", "topic"));
        fixture.heartbeat(beat("a", 1));

        // When
        fixture.time.advance(ConsumerFixture.REBALANCE_MS - 1);
        ErrorCode before = fixture.error(beat("a", 1));
        fixture.time.advance(1);

        // Then
        assertThat(before).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.error(beat("a", 1))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(assigned(fixture.heartbeat(beat("b", 2)))).isEqualTo(Map.of(topic, List.of(0, 1)));
    }

    @Test
    void shouldLeaveAMemberAloneThatGaveUpInTime() {
        // Given
        fixture.configure(new ConsumerGroupConfig(600_000, 5_000, 0, 0));
        Uuid topic = fixture.topic("topic", 2);
        settledPair(topic);

        // When
        fixture.time.advance(ConsumerFixture.REBALANCE_MS * 2);

        // Then
        assertThat(fixture.error(beat("a", 2))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldSubscribeByExpressionAndFollowNewTopics() {
        // Given
        Uuid one = fixture.topic("orders-1", 1);
        fixture.topic("bills", 1);
        ConsumerGroupHeartbeatRequest request =
                join("a").setSubscribedTopicNames(null).setSubscribedTopicRegex("orders-.*");

        // When
        ConsumerGroupHeartbeatResponse joined = fixture.heartbeat(request);
        Uuid two = fixture.topic("orders-2", 1);
        ConsumerGroupHeartbeatResponse more = fixture.heartbeat(beat("a", 1));

        // Then
        assertThat(assigned(joined)).isEqualTo(Map.of(one, List.of(0)));
        assertThat(assigned(more)).isEqualTo(Map.of(one, List.of(0), two, List.of(0)));
        assertThat(fixture.describe().members().get(0).subscribedTopicRegex()).isEqualTo("orders-.*");
    }

    @Test
    void shouldRefuseAnExpressionThatIsNone() {
        // Given
        fixture.topic("topic", 1);

        // Then
        assertThat(fixture.error(join("a").setSubscribedTopicRegex("(((")))
                .isEqualTo(ErrorCode.INVALID_REGULAR_EXPRESSION);
        assertThat(fixture.log.records()).isEmpty();
    }

    @Test
    void shouldNotDescribeAGroupThatIsNotThere() {
        // Then
        assertThat(fixture.describe().errorCode()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND.code());
    }

    /** Members a and b, one partition each, in epoch 2; what a has. */
    private Integer settledPair(Uuid topic) {
        fixture.heartbeat(join("a", "topic"));
        fixture.heartbeat(join("b", "topic"));
        Integer kept = assigned(fixture.heartbeat(beat("a", 1))).get(topic).get(0);
        fixture.heartbeat(beat("a", 1).setTopicPartitions(owned(topic, kept)));
        fixture.heartbeat(beat("b", 2));
        assertThat(fixture.describe().groupState()).isEqualTo("Stable");
        return kept;
    }
}
