// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A log that refuses, and another coordinator, while a group goes from one protocol to the other. */
final class MigrationRecoveryTest extends AbstractMigrationTest {
    @Test
    void shouldNotChangeAnythingWhenTheLogRefuses() {
        // Given
        String old = classicGroup(List.of(0, 1, 2, 3, 4, 5));
        fixture.log.refuse(ErrorCode.NOT_ENOUGH_REPLICAS);

        // When
        ConsumerGroupHeartbeatResponse refused = heartbeat("new", 0, List.of());

        // Then
        assertThat(refused.errorCode()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE.code());
        fixture.log.accept();
        assertThat(types()).containsExactly("classic");
        assertThat(classicHeartbeat(1, old)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldTryAgainWhenTheLogRefusesTheWayBack() {
        // Given: the member that goes is written, what follows is not
        String old = mixedGroup();
        fixture.log.acceptOnly(1);

        // When
        heartbeat("new", -1, null);
        fixture.log.accept();
        assertThat(types()).containsExactly("consumer");
        fixture.time.advance(1_000);

        // Then
        assertThat(types()).containsExactly("classic");
        assertThat(classicHeartbeat(2, old)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldBeWhatItWasForTheNextCoordinator() {
        // Given
        String old = mixedGroup();

        // When
        failOver();

        // Then
        assertThat(types()).containsExactly("consumer");
        assertThat(classicHeartbeat(2, old)).isEqualTo(ErrorCode.NONE);
        assertThat(heartbeat("new", 2, null).errorCode()).isZero();

        // When: it goes back, and the coordinator moves again
        heartbeat("new", -1, null);
        failOver();

        // Then
        assertThat(types()).containsExactly("classic");
        assertThat(classicHeartbeat(2, old)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(join(old, List.of()).generationId()).isEqualTo(3);
    }

    @Test
    void shouldStayClassicForTheNextCoordinatorWhenTheBatchWasNotCommitted() {
        // Given
        String old = classicGroup(List.of(0, 1, 2, 3, 4, 5));
        fixture.log.commitLate();
        CompletableFuture<ConsumerGroupHeartbeatResponse> joined = send("new", 0, List.of());
        assertThat(joined).isNotDone();

        // When
        fixture.coordinator.onResigned(0);
        fixture.log.loseTail();
        fixture.elect();

        // Then
        assertThat(fixture.done(joined).errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR.code());
        assertThat(types()).containsExactly("classic");
        assertThat(classicHeartbeat(1, old)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldFinishTheWayBackThatTheLastCoordinatorHadNotComeTo() {
        // Given
        mixedGroup();
        fixture.log.commitLate();
        send("new", -1, null);
        fixture.log.commitTo(fixture.log.endOffset() - 2);

        // When: only that the member left is known to the next one, or that and a part of the rest
        fixture.coordinator.onResigned(0);
        fixture.log.loseTail();
        fixture.log.commitAtOnce();
        fixture.elect();

        // Then
        assertThat(types()).hasSize(1);
    }
}
