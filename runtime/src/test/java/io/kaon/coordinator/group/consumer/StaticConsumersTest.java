// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import static io.kaon.coordinator.group.consumer.ConsumerFixture.assigned;
import static io.kaon.coordinator.group.consumer.ConsumerFixture.beat;
import static io.kaon.coordinator.group.consumer.ConsumerFixture.join;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StaticConsumersTest {
    private static final String INSTANCE = "instance";

    private final ConsumerFixture fixture = new ConsumerFixture();
    private final Uuid topic = fixture.topic("topic", 2);

    @Test
    void shouldGiveTheNextMemberOfAnInstanceWhatItsLastOneHad() {
        // Given
        fixture.heartbeat(join("a", "topic").setInstanceId(INSTANCE));
        ConsumerGroupHeartbeatResponse left = fixture.heartbeat(beat("a", -2).setInstanceId(INSTANCE));

        // When
        ConsumerGroupHeartbeatResponse back =
                fixture.heartbeat(join("b", "topic").setInstanceId(INSTANCE));

        // Then
        assertThat(left.memberEpoch()).isEqualTo(-2);
        assertThat(back.memberEpoch()).isEqualTo(1);
        assertThat(assigned(back)).isEqualTo(Map.of(topic, List.of(0, 1)));
        assertThat(fixture.describe().groupEpoch()).isEqualTo(1);
        assertThat(fixture.describe().members()).hasSize(1);
        assertThat(fixture.error(beat("a", 1).setInstanceId(INSTANCE))).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
    }

    @Test
    void shouldNotGiveAwayAnInstanceThatIsStillThere() {
        // Given
        fixture.heartbeat(join("a", "topic").setInstanceId(INSTANCE));

        // Then
        assertThat(fixture.error(join("b", "topic").setInstanceId(INSTANCE)))
                .isEqualTo(ErrorCode.UNRELEASED_INSTANCE_ID);
        assertThat(fixture.error(beat("a", 1).setInstanceId(INSTANCE))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldRefuseInstancesThatAreNotThereOrSomebodyElses() {
        // Given
        fixture.heartbeat(join("a", "topic").setInstanceId(INSTANCE));

        // Then
        assertThat(fixture.error(beat("a", 1).setInstanceId("other"))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(fixture.error(beat("b", 1).setInstanceId(INSTANCE))).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(fixture.error(beat("b", -2).setInstanceId(INSTANCE))).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(fixture.error(beat("b", -1).setInstanceId(INSTANCE))).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(fixture.error(beat("a", -2).setInstanceId("other"))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldLetAnInstanceGoForGood() {
        // Given
        fixture.heartbeat(join("a", "topic").setInstanceId(INSTANCE));

        // When
        fixture.heartbeat(beat("a", -1).setInstanceId(INSTANCE));

        // Then
        assertThat(fixture.describe().groupState()).isEqualTo("Empty");
        assertThat(fixture.describe().groupEpoch()).isEqualTo(2);
    }

    @Test
    void shouldRemoveAnInstanceThatDoesNotComeBackInItsSession() {
        // Given
        fixture.heartbeat(join("a", "topic").setInstanceId(INSTANCE));
        fixture.heartbeat(beat("a", -2).setInstanceId(INSTANCE));

        // When
        fixture.time.advance(ConsumerFixture.SESSION_MS - 1);
        int before = fixture.describe().members().size();
        fixture.time.advance(1);

        // Then
        assertThat(before).isEqualTo(1);
        assertThat(fixture.describe().members()).isEmpty();
    }

    @Test
    void shouldKeepPartitionsOfAnInstanceThatIsAwayFromOthers() {
        // Given
        fixture.heartbeat(join("a", "topic").setInstanceId(INSTANCE));
        fixture.heartbeat(beat("a", -2).setInstanceId(INSTANCE));

        // When
        ConsumerGroupHeartbeatResponse other = fixture.heartbeat(join("b", "topic"));

        // Then
        assertThat(assigned(other)).isEmpty();
    }
}
