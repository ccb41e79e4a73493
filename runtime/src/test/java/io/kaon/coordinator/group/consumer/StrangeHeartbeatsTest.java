// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import static io.kaon.coordinator.group.consumer.ConsumerFixture.assigned;
import static io.kaon.coordinator.group.consumer.ConsumerFixture.beat;
import static io.kaon.coordinator.group.consumer.ConsumerFixture.join;
import static io.kaon.coordinator.group.consumer.ConsumerFixture.owned;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no decent client sends, and what a log does not take. */
class StrangeHeartbeatsTest {
    private static final Uuid NOWHERE = new Uuid(99, 99);

    private final ConsumerFixture fixture = new ConsumerFixture();
    private final Uuid topic = fixture.topic("topic", 2);

    @Test
    void shouldNotMindPartitionsThatThereAreNot() {
        // Given
        fixture.heartbeat(join("a", "topic"));
        List<ConsumerGroupHeartbeatRequest.TopicPartitions> strange = new ArrayList<>();
        strange.addAll(owned(topic, 0, 0, 1, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE));
        strange.addAll(owned(topic, 1, 0));
        strange.addAll(owned(NOWHERE, 0));

        // When
        ConsumerGroupHeartbeatResponse response =
                fixture.heartbeat(beat("a", 1).setTopicPartitions(strange).setRebalanceTimeoutMs(0));

        // Then
        assertThat(response.errorCode()).isZero();
        assertThat(response.memberEpoch()).isEqualTo(1);
        assertThat(fixture.describe().groupState()).isEqualTo("Stable");
    }

    @Test
    void shouldNotGiveAwayWhatAMemberClaimsThatItDoesNotOwn() {
        // Given
        fixture.heartbeat(join("a", "topic"));
        fixture.heartbeat(join("b", "topic"));
        List<Integer> kept = assigned(fixture.heartbeat(beat("a", 1))).get(topic);

        // When
        ConsumerGroupHeartbeatResponse claims = fixture.heartbeat(beat("b", 2).setTopicPartitions(owned(topic, 0, 1)));

        // Then
        assertThat(kept).hasSize(1);
        assertThat(claims.assignment()).isNull();
        assertThat(fixture.describe().groupState()).isEqualTo("Reconciling");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -5, Integer.MIN_VALUE})
    void shouldExpelAtOnceAMemberThatTakesNoTimeToGivePartitionsUp(int rebalanceTimeoutMs) {
        // Given
        fixture.heartbeat(join("a", "topic").setRebalanceTimeoutMs(rebalanceTimeoutMs));
        fixture.heartbeat(join("b", "topic"));
        fixture.heartbeat(beat("a", 1));

        // When
        fixture.time.advance(1);

        // Then
        assertThat(fixture.error(beat("a", 1))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(assigned(fixture.heartbeat(beat("b", 2))).get(topic)).containsExactly(0, 1);
    }

    @Test
    void shouldGiveAMemberAllTheTimeInTheWorldThatAsksForIt() {
        // Given
        fixture.heartbeat(join("a", "topic").setRebalanceTimeoutMs(Integer.MAX_VALUE));
        fixture.heartbeat(join("b", "topic"));

        // When
        for (int i = 0; i < 100; i++) {
            fixture.heartbeat(beat("a", 1));
            fixture.heartbeat(beat("b", 2));
            fixture.time.advance(ConsumerFixture.SESSION_MS - 1);
        }

        // Then
        assertThat(fixture.error(beat("a", 1))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldSayThatATargetIsTooLargeAndGoOnWhenItFits() {
        // Given
        fixture.log.refuse(ErrorCode.MESSAGE_TOO_LARGE);

        // When
        ErrorCode refused = fixture.error(join("a", "topic"));
        fixture.log.accept();

        // Then
        assertThat(refused).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(fixture.describe().errorCode()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND.code());
        assertThat(assigned(fixture.heartbeat(join("a", "topic"))).get(topic)).hasSize(2);
    }

    @Test
    void shouldNotExpelAMemberThatIsAwayBeforeItsSessionIsOver() {
        // Given: it leaves for a while, and still had something to give up
        fixture.heartbeat(join("a", "topic").setInstanceId("instance").setRebalanceTimeoutMs(1_000));
        fixture.heartbeat(join("b", "topic"));
        fixture.heartbeat(beat("a", 1).setInstanceId("instance"));
        fixture.heartbeat(beat("a", -2).setInstanceId("instance"));

        // When
        fixture.time.advance(ConsumerFixture.SESSION_MS / 2);

        // Then
        assertThat(fixture.error(join("a", "topic").setInstanceId("instance"))).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.describe().members()).hasSize(2);
        assertThat(fixture.error(beat("a", 2).setInstanceId("instance"))).isEqualTo(ErrorCode.NONE);
    }
}
