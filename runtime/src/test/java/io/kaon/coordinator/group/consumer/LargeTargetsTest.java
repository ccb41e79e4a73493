// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import static io.kaon.coordinator.group.consumer.ConsumerFixture.GROUP;
import static io.kaon.coordinator.group.consumer.ConsumerFixture.assigned;
import static io.kaon.coordinator.group.consumer.ConsumerFixture.beat;
import static io.kaon.coordinator.group.consumer.ConsumerFixture.join;
import static io.kaon.coordinator.group.consumer.ConsumerFixture.owned;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.coordinator.group.GroupRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import io.kaon.wire.message.DeleteGroupsRequest;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Targets of large groups are computed elsewhere, while the group goes on. */
class LargeTargetsTest {
    private static final int COUNT = (int) TargetComputation.LARGE;

    private final ConsumerFixture fixture = new ConsumerFixture();
    private final Queue<Runnable> computations = new ArrayDeque<>();
    private Uuid topic;

    @BeforeEach
    void createTopic() {
        topic = fixture.topic("topic", COUNT);
    }

    @Test
    void shouldComputeTheTargetOfALargeGroupAfterTheHeartbeat() {
        // Given
        fixture.background = computations::add;

        // When
        ConsumerGroupHeartbeatResponse first = fixture.heartbeat(join("a", "topic"));
        ConsumerGroupHeartbeatResponse second = fixture.heartbeat(join("b", "topic"));
        String before = fixture.describe().groupState();
        compute();
        ConsumerGroupHeartbeatResponse told = fixture.heartbeat(beat("a", 1));

        // Then
        assertThat(assigned(first).get(topic)).hasSize(COUNT);
        assertThat(second.memberEpoch()).isEqualTo(1);
        assertThat(assigned(second)).isEmpty();
        assertThat(before).isEqualTo("Assigning");
        assertThat(fixture.describe().assignmentEpoch()).isEqualTo(2);
        assertThat(assigned(told).get(topic)).hasSize(COUNT / 2);
    }

    @Test
    void shouldGiveTheComputedTargetToWhoTookTheInstanceOverMeanwhile() {
        // Given
        fixture.heartbeat(join("a", "topic").setInstanceId("instance"));
        fixture.background = computations::add;
        fixture.heartbeat(join("b", "topic"));
        assertThat(computations).hasSize(1);

        // When
        fixture.heartbeat(beat("a", -2).setInstanceId("instance"));
        fixture.heartbeat(join("a-again", "topic").setInstanceId("instance"));
        compute();
        List<Integer> kept = assigned(fixture.heartbeat(beat("a-again", 1).setInstanceId("instance")))
                .get(topic);
        fixture.heartbeat(beat("a-again", 1)
                .setInstanceId("instance")
                .setTopicPartitions(owned(topic, kept.toArray(Integer[]::new))));

        // Then
        assertThat(kept).hasSize(COUNT / 2);
        assertThat(assigned(fixture.heartbeat(beat("b", 1))).get(topic))
                .hasSize(COUNT / 2)
                .doesNotContainAnyElementsOf(kept);
    }

    @Test
    void shouldForgetWhatWasComputedForAGroupThatWasDeletedMeanwhile() {
        // Given
        fixture.heartbeat(join("a", "topic"));
        fixture.heartbeat(join("b", "topic"));
        fixture.heartbeat(beat("b", -1));
        fixture.background = computations::add;
        fixture.heartbeat(join("b", "topic"));
        assertThat(computations).hasSize(1);

        // When
        fixture.heartbeat(beat("a", -1));
        fixture.heartbeat(beat("b", -1));
        fixture.done(fixture.coordinator.deleteGroups(
                new GroupRequest("client", "/in-jvm", (short) 2),
                new DeleteGroupsRequest().setGroupsNames(List.of(GROUP))));
        ConsumerGroupHeartbeatResponse first = fixture.heartbeat(join("a", "topic"));
        compute();

        // Then
        assertThat(first.memberEpoch()).isEqualTo(1);
        assertThat(fixture.describe().assignmentEpoch()).isEqualTo(1);
        assertThat(fixture.heartbeat(beat("a", 1)).memberEpoch()).isEqualTo(1);
    }

    @Test
    void shouldComeBackAfterAWhileWhenTheLogDoesNotTakeTheTarget() {
        // Given
        fixture.heartbeat(join("a", "topic"));
        fixture.background = computations::add;
        fixture.heartbeat(join("b", "topic"));

        // When
        fixture.log.refuse(ErrorCode.MESSAGE_TOO_LARGE);
        compute();
        fixture.heartbeat(beat("a", 1));
        fixture.heartbeat(beat("b", 1));
        int atOnce = computations.size();
        fixture.time.advance(LargeTargets.RETRY_MS);
        fixture.log.accept();
        fixture.heartbeat(beat("a", 1));
        compute();

        // Then
        assertThat(atOnce).isZero();
        assertThat(assigned(fixture.heartbeat(beat("a", 1))).get(topic)).hasSize(COUNT / 2);
    }

    private void compute() {
        while (!computations.isEmpty()) {
            computations.poll().run();
        }
        fixture.time.advance(1);
    }
}
