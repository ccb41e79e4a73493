// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import static io.kaon.coordinator.group.consumer.ConsumerFixture.GROUP;
import static io.kaon.coordinator.group.consumer.ConsumerFixture.assigned;
import static io.kaon.coordinator.group.consumer.ConsumerFixture.beat;
import static io.kaon.coordinator.group.consumer.ConsumerFixture.join;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.Uuid;
import io.kaon.coordinator.group.GroupRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Subscriptions by expression: quick ones are answered at once, costly ones are looked up elsewhere. */
class RegexSubscriptionTest {
    /** With so many topics more than an owner may spend: some 290 steps at each character. */
    private static final String COSTLY = "(.{0,1}){72}";

    private static final String CHEAP = "topic-.*";
    private static final int TOPICS = 300;

    private final ConsumerFixture fixture = new ConsumerFixture();
    private final Queue<Runnable> background = new ArrayDeque<>();

    RegexSubscriptionTest() {
        fixture.background = background::add;
        for (int i = 0; i < TOPICS; i++) {
            fixture.topic("topic-" + i, 1);
        }
    }

    @Test
    void shouldAssignTheTopicsOfACostlyExpressionWithALaterHeartbeat() {
        // When
        ConsumerGroupHeartbeatResponse joined = fixture.heartbeat(subscribing("a", COSTLY));
        boolean wasLeftForLater = !background.isEmpty();
        ConsumerGroupHeartbeatResponse meanwhile = fixture.heartbeat(beat("a", 1));
        runBackground();
        ConsumerGroupHeartbeatResponse later = fixture.heartbeat(beat("a", 1));

        // Then
        assertThat(wasLeftForLater).isTrue();
        assertThat(joined.memberEpoch()).isEqualTo(1);
        assertThat(assigned(joined)).isEmpty();
        assertThat(meanwhile.errorCode()).isZero();
        assertThat(assigned(later)).hasSize(TOPICS);
        assertThat(later.memberEpoch()).isEqualTo(2);
    }

    @Test
    void shouldAnswerACheapExpressionAtOnce() {
        // When
        ConsumerGroupHeartbeatResponse joined = fixture.heartbeat(subscribing("a", CHEAP));

        // Then
        assertThat(assigned(joined)).hasSize(TOPICS);
        assertThat(background).isEmpty();
    }

    @Test
    void shouldServeOthersWhileACostlyExpressionIsLookedUp() {
        // Given
        fixture.heartbeat(subscribing("a", COSTLY));

        // When
        ConsumerGroupHeartbeatResponse same = fixture.heartbeat(join("b", "topic-1"));
        ConsumerGroupHeartbeatResponse other =
                fixture.heartbeat(subscribing("c", CHEAP).setGroupId("other"));

        // Then
        assertThat(assigned(same)).hasSize(1);
        assertThat(assigned(other)).hasSize(TOPICS);
        assertThat(background).hasSize(1);
    }

    @Test
    void shouldTakeTurnsWithOthersInTheBackground() {
        // Given
        for (int i = TOPICS; i < 4 * TOPICS; i++) {
            fixture.topic("topic-" + i, 1);
        }
        fixture.heartbeat(subscribing("a", COSTLY));

        // When
        int turns = runBackground();

        // Then
        assertThat(turns).isGreaterThan(3);
    }

    @Test
    void shouldFindTopicsThatCameWhileItWasLookedUp() {
        // Given
        fixture.heartbeat(subscribing("a", COSTLY));
        Uuid added = fixture.topic("topic-new", 1);
        fixture.heartbeat(beat("a", 1));

        // When
        runBackground();
        fixture.heartbeat(beat("a", 1));
        runBackground();
        ConsumerGroupHeartbeatResponse later = fixture.heartbeat(beat("a", 2));

        // Then
        assertThat(assigned(later)).hasSize(TOPICS + 1).containsKey(added);
    }

    @Test
    void shouldFindTopicsThatCameWhenNoHeartbeatWasSentMeanwhile() {
        // Given
        fixture.heartbeat(subscribing("a", COSTLY));
        Uuid added = fixture.topic("topic-new", 1);

        // When
        runBackground();
        ConsumerGroupHeartbeatResponse later = fixture.heartbeat(beat("a", 1));

        // Then
        assertThat(assigned(later)).hasSize(TOPICS + 1).containsKey(added);
    }

    @Test
    void shouldLookUpTheExpressionOfASecondMemberAfterTheFirst() {
        // Given
        fixture.heartbeat(subscribing("a", COSTLY));
        fixture.heartbeat(subscribing("b", COSTLY + "|x"));

        // When
        for (int i = 0; i < 4; i++) {
            runBackground();
            beatTwice("a");
            beatTwice("b");
        }

        // Then
        assertThat(fixture.describe().members())
                .allSatisfy(member ->
                        assertThat(member.assignment().topicPartitions()).hasSize(TOPICS / 2));
    }

    @Test
    void shouldDropWhatNobodyWantsAnyMore() {
        // Given
        fixture.heartbeat(subscribing("a", COSTLY));
        fixture.heartbeat(join("b", "topic-1"));
        fixture.heartbeat(beat("a", -1));
        int epoch = fixture.describe().groupEpoch();

        // When
        runBackground();

        // Then
        assertThat(fixture.describe().groupEpoch()).isEqualTo(epoch);
    }

    @Test
    void shouldLookUpAgainAfterAFailover() {
        // Given
        fixture.heartbeat(subscribing("a", COSTLY));
        fixture.coordinator.onResigned(0);
        fixture.elect();

        // When: what the former coordinator looked up comes too late
        runBackground();
        ConsumerGroupHeartbeatResponse empty = fixture.heartbeat(beat("a", 1));
        runBackground();
        ConsumerGroupHeartbeatResponse later = fixture.heartbeat(beat("a", 1));

        // Then
        assertThat(empty.assignment()).isNull();
        assertThat(assigned(later)).hasSize(TOPICS);
    }

    @Test
    void shouldComeToNothingButTheMatchesWhenNothingChanged() {
        // Given
        fixture.heartbeat(subscribing("a", COSTLY));
        runBackground();
        fixture.heartbeat(beat("a", 1));
        fixture.coordinator.onResigned(0);
        fixture.elect();

        // When: a new coordinator compares
        fixture.heartbeat(beat("a", 2));
        runBackground();
        ConsumerGroupHeartbeatResponse same = fixture.heartbeat(beat("a", 2));

        // Then
        assertThat(same.memberEpoch()).isEqualTo(2);
        assertThat(same.assignment()).isNull();
    }

    @Test
    void shouldShowOnlyTopicsThatTheMemberMayDescribe() {
        // Given
        Set<String> visible = Set.of("topic-7", "topic-8");
        GroupRequest from = new GroupRequest("client", "/in-jvm", (short) 1, visible::contains);

        // When
        ConsumerGroupHeartbeatResponse atOnce =
                fixture.done(fixture.coordinator.consumerGroupHeartbeat(from, subscribing("a", CHEAP)));
        fixture.done(fixture.coordinator.consumerGroupHeartbeat(
                from, subscribing("b", COSTLY).setGroupId("other")));
        runBackground();
        ConsumerGroupHeartbeatResponse later = fixture.heartbeat(beat("b", 1).setGroupId("other"));

        // Then
        assertThat(assigned(atOnce)).hasSize(2);
        assertThat(assigned(later)).hasSize(2);
    }

    /** The image is there before it is announced: a heartbeat in between must not hide what came. */
    @Test
    void shouldFindTopicsWhenAHeartbeatOvertakesTheAnnouncement() {
        // Given
        fixture.heartbeat(subscribing("a", CHEAP));
        fixture.announces = false;
        Uuid added = fixture.topic("topic-new", 1);
        fixture.heartbeat(beat("a", 1).setRackId("rack"));

        // When
        fixture.announce();
        ConsumerGroupHeartbeatResponse later = fixture.heartbeat(beat("a", 1));

        // Then
        assertThat(assigned(later)).containsKey(added);
    }

    private void beatTwice(String memberId) {
        for (int i = 0; i < 2; i++) {
            int epoch = fixture.describe().members().stream()
                    .filter(member -> member.memberId().equals(memberId))
                    .findFirst()
                    .orElseThrow()
                    .memberEpoch();
            ConsumerGroupHeartbeatResponse response = fixture.heartbeat(beat(memberId, epoch));
            if (response.assignment() != null) {
                fixture.heartbeat(beat(memberId, response.memberEpoch()).setTopicPartitions(owned(response)));
            }
        }
    }

    private static List<ConsumerGroupHeartbeatRequest.TopicPartitions> owned(ConsumerGroupHeartbeatResponse response) {
        return response.assignment().topicPartitions().stream()
                .map(topic -> new ConsumerGroupHeartbeatRequest.TopicPartitions()
                        .setTopicId(topic.topicId())
                        .setPartitions(topic.partitions()))
                .toList();
    }

    /** Returns how many turns it took. */
    private int runBackground() {
        int turns = 0;
        while (!background.isEmpty()) {
            background.remove().run();
            turns++;
        }
        return turns;
    }

    private static ConsumerGroupHeartbeatRequest subscribing(String memberId, String expression) {
        return join(memberId).setGroupId(GROUP).setSubscribedTopicNames(null).setSubscribedTopicRegex(expression);
    }
}
