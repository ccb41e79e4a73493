// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import static io.kaon.coordinator.group.consumer.ConsumerFixture.assigned;
import static io.kaon.coordinator.group.consumer.ConsumerFixture.beat;
import static io.kaon.coordinator.group.consumer.ConsumerFixture.join;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.wire.message.ConsumerGroupDescribeResponse.DescribedGroup;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ConsumerFailoverTest {
    private final ConsumerFixture fixture = new ConsumerFixture();
    private final Uuid topic = fixture.topic("topic-1", 2);

    @Test
    void shouldAnswerWhenWhatItDecidedIsCommitted() {
        // Given
        fixture.log.commitLate();

        // When
        CompletableFuture<ConsumerGroupHeartbeatResponse> joined = fixture.sent(join("a", "topic-1"));
        CompletableFuture<ConsumerGroupHeartbeatResponse> next = fixture.sent(beat("a", 1));

        // Then
        assertThat(joined).isNotCompleted();
        assertThat(next).isNotCompleted();
        fixture.log.commit();
        assertThat(fixture.done(joined).memberEpoch()).isEqualTo(1);
        assertThat(fixture.done(next).errorCode()).isZero();
    }

    @Test
    void shouldBeTheSameAfterAFailover() {
        // Given
        fixture.heartbeat(join("a").setSubscribedTopicRegex("topic-.*").setRackId("rack"));
        fixture.heartbeat(join("b", "topic-1").setInstanceId("instance").setServerAssignor("range"));
        fixture.heartbeat(beat("a", 1));
        DescribedGroup before = fixture.describe();

        // When
        fixture.coordinator.onResigned(0);
        fixture.elect();

        // Then
        assertThat(fixture.describe()).isEqualTo(before);
        assertThat(fixture.error(beat("b", 2).setInstanceId("instance"))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldForgetWhatWasNeverCommitted() {
        // Given
        fixture.heartbeat(join("a", "topic-1"));
        fixture.log.commitLate();
        CompletableFuture<ConsumerGroupHeartbeatResponse> lost = fixture.sent(join("b", "topic-1"));

        // When
        fixture.coordinator.onResigned(0);
        fixture.log.loseTail();
        fixture.log.commitAtOnce();
        fixture.elect();

        // Then
        assertThat(ErrorCode.of(fixture.done(lost).errorCode())).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(fixture.describe().members()).hasSize(1);
        assertThat(fixture.heartbeat(beat("a", 1)).memberEpoch()).isEqualTo(1);
    }

    @Test
    void shouldChangeNothingWhenTheLogRefuses() {
        // Given
        fixture.heartbeat(join("a", "topic-1"));
        fixture.log.refuse(ErrorCode.NOT_LEADER_OR_FOLLOWER);

        // When
        ErrorCode error = fixture.error(join("b", "topic-1"));
        fixture.log.accept();

        // Then
        assertThat(error).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(fixture.describe().members()).hasSize(1);
        assertThat(fixture.describe().groupEpoch()).isEqualTo(1);
    }

    @Test
    void shouldNoticeNewPartitionsAgainWhenTheLogRefusedAtFirst() {
        // Given
        fixture.heartbeat(join("a", "topic-1"));
        fixture.topic("topic-1", 4);
        fixture.log.refuse(ErrorCode.NOT_ENOUGH_REPLICAS);

        // When
        ErrorCode error = fixture.error(beat("a", 1));
        fixture.log.accept();
        ConsumerGroupHeartbeatResponse response = fixture.heartbeat(beat("a", 1));

        // Then
        assertThat(error).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(assigned(response)).isEqualTo(Map.of(topic, List.of(0, 1, 2, 3)));
    }

    @Test
    void shouldRemoveASilentMemberLaterWhenTheLogRefusesAtFirst() {
        // Given
        fixture.heartbeat(join("a", "topic-1"));
        fixture.log.refuse(ErrorCode.NOT_ENOUGH_REPLICAS);

        // When
        fixture.time.advance(2 * ConsumerFixture.SESSION_MS);
        int meanwhile = fixture.describe().members().size();
        fixture.log.accept();
        fixture.time.advance(ConsumerGroupShard.RETRY_MS);

        // Then
        assertThat(meanwhile).isOne();
        assertThat(fixture.describe().members()).isEmpty();
    }

    @Test
    void shouldGiveMembersTheirTimeAnewAfterAFailover() {
        // Given
        fixture.heartbeat(join("a", "topic-1"));
        fixture.time.advance(ConsumerFixture.SESSION_MS - 1);
        fixture.coordinator.onResigned(0);
        fixture.elect();

        // When
        fixture.time.advance(ConsumerFixture.SESSION_MS - 1);
        ErrorCode inTime = fixture.error(beat("a", 1));
        fixture.time.advance(ConsumerFixture.SESSION_MS);

        // Then
        assertThat(inTime).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.error(beat("a", 1))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldNoticeTopicsThatCameWhileNobodyLed() {
        // Given
        fixture.heartbeat(join("a", "topic-1", "topic-2"));
        fixture.coordinator.onResigned(0);
        Uuid second = fixture.topic("topic-2", 1);
        fixture.elect();

        // When
        ConsumerGroupHeartbeatResponse response = fixture.heartbeat(beat("a", 1));

        // Then
        assertThat(assigned(response)).isEqualTo(Map.of(topic, List.of(0, 1), second, List.of(0)));
    }
}
