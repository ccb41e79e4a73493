// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.wire.BufferRecords;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.FetchResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FetchSessionsTest {
    private static final short BY_NAME = 12;
    private static final short BY_ID = 13;
    private static final int FINAL = -1;

    private final FetchSessionSlots slots = new FetchSessionSlots(3, 41);
    private final FetchSessions sessions = new FetchSessions(slots);

    @Test
    void shouldFetchWithoutSessionAtTheFinalEpoch() {
        // Given
        FetchRequest request = request(0, FINAL, 0, 1);

        // When
        FetchPlan plan = sessions.plan(request, BY_NAME);

        // Then
        assertThat(plan.sessionId()).isZero();
        assertThat(plan.targets()).hasSize(2);
        assertThat(sessions.size()).isZero();
    }

    @Test
    void shouldGoOnIncrementallyInASessionThatItOpened() {
        // Given
        FetchPlan first = sessions.plan(request(0, 0, 0, 1), BY_NAME);

        // When
        FetchPlan second = sessions.plan(request(first.sessionId(), 1), BY_NAME);

        // Then
        assertThat(first.sessionId()).isPositive();
        assertThat(second.sessionId()).isEqualTo(first.sessionId());
        assertThat(second.targets()).hasSize(2);
        assertThat(slots.used()).isEqualTo(1);
    }

    @Test
    void shouldAddAndForgetPartitions() {
        // Given
        int id = sessions.plan(request(0, 0, 0, 1), BY_NAME).sessionId();
        FetchRequest change = request(id, 1, 2);
        change.forgottenTopicsData()
                .add(new FetchRequest.ForgottenTopic().setTopic("t").setPartitions(new ArrayList<>(List.of(0))));

        // When
        FetchPlan plan = sessions.plan(change, BY_NAME);

        // Then
        assertThat(plan.targets())
                .extracting(target -> target.key().partition())
                .containsExactly(1, 2);
    }

    @Test
    void shouldRefuseAnUnknownSession() {
        assertThat(sessions.plan(request(7, 1, 0), BY_NAME).error()).isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void shouldRefuseAnEpochThatIsNotNext() {
        // Given
        int id = sessions.plan(request(0, 0, 0), BY_NAME).sessionId();

        // When
        FetchPlan plan = sessions.plan(request(id, 2, 0), BY_NAME);

        // Then
        assertThat(plan.error()).isEqualTo(ErrorCode.INVALID_FETCH_SESSION_EPOCH);
    }

    @Test
    void shouldRefuseASwitchFromNamesToIds() {
        // Given
        int id = sessions.plan(request(0, 0, 0), BY_NAME).sessionId();

        // When
        FetchPlan plan = sessions.plan(request(id, 1, 0), BY_ID);

        // Then
        assertThat(plan.error()).isEqualTo(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR);
    }

    @Test
    void shouldCloseASessionAtItsFinalEpoch() {
        // Given
        int id = sessions.plan(request(0, 0, 0), BY_NAME).sessionId();

        // When
        FetchPlan plan = sessions.plan(request(id, FINAL, 0), BY_NAME);

        // Then
        assertThat(plan.sessionId()).isZero();
        assertThat(slots.used()).isZero();
    }

    @Test
    void shouldReplaceASessionThatIsOpenedAnew() {
        // Given
        int id = sessions.plan(request(0, 0, 0), BY_NAME).sessionId();

        // When
        FetchPlan plan = sessions.plan(request(id, 0, 0), BY_NAME);

        // Then
        assertThat(plan.sessionId()).isPositive().isNotEqualTo(id);
        assertThat(slots.used()).isEqualTo(1);
    }

    @Test
    void shouldEndASessionThatHasNoPartitionLeft() {
        // Given
        int id = sessions.plan(request(0, 0, 0), BY_NAME).sessionId();
        FetchRequest change = request(id, 1);
        change.forgottenTopicsData()
                .add(new FetchRequest.ForgottenTopic().setTopic("t").setPartitions(new ArrayList<>(List.of(0))));

        // When
        FetchPlan plan = sessions.plan(change, BY_NAME);

        // Then
        assertThat(plan.sessionId()).isZero();
        assertThat(plan.targets()).isEmpty();
        assertThat(slots.used()).isZero();
    }

    @Test
    void shouldFetchWithoutSessionWhenTheBrokerHasNoSlot() {
        // Given
        FetchSessions others = new FetchSessions(slots);
        others.plan(request(0, 0, 0), BY_NAME);
        others.plan(request(0, 0, 0), BY_NAME);
        others.plan(request(0, 0, 0), BY_NAME);

        // When
        FetchPlan plan = sessions.plan(request(0, 0, 0), BY_NAME);

        // Then
        assertThat(plan.sessionId()).isZero();
        assertThat(plan.targets()).hasSize(1);
    }

    @Test
    void shouldEvictTheOldestSessionOfAConnection() {
        // Given
        FetchSessions many = new FetchSessions(new FetchSessionSlots(100, 0));
        int oldest = many.plan(request(0, 0, 0), BY_NAME).sessionId();
        for (int count = 0; count < FetchSessions.MAX_PER_CONNECTION; count++) {
            many.plan(request(0, 0, 0), BY_NAME);
        }

        // When
        FetchPlan plan = many.plan(request(oldest, 1, 0), BY_NAME);

        // Then
        assertThat(plan.error()).isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        assertThat(many.size()).isEqualTo(FetchSessions.MAX_PER_CONNECTION);
    }

    @Test
    void shouldGiveSlotsBackWhenTheConnectionCloses() {
        // Given
        sessions.plan(request(0, 0, 0), BY_NAME);

        // When
        sessions.close();

        // Then
        assertThat(slots.used()).isZero();
    }

    @Test
    void shouldTellOnlyNewsInAnIncrementalResponse() {
        // Given
        FetchPlan first = sessions.plan(request(0, 0, 0), BY_NAME);
        FetchKey key = first.targets().get(0).key();

        // When
        boolean inFull = first.includes(key, data(5, ErrorCode.NONE));
        FetchPlan second = sessions.plan(request(first.sessionId(), 1), BY_NAME);
        boolean unchanged = second.includes(key, data(5, ErrorCode.NONE));
        boolean moved = second.includes(key, data(6, ErrorCode.NONE));
        boolean withRecords =
                second.includes(key, data(6, ErrorCode.NONE).setRecords(new BufferRecords(ByteBuffer.allocate(3))));

        // Then
        assertThat(inFull).isTrue();
        assertThat(unchanged).isFalse();
        assertThat(moved).isTrue();
        assertThat(withRecords).isTrue();
    }

    @Test
    void shouldTellTheRecoveryAfterAnError() {
        // Given
        FetchPlan plan = sessions.plan(request(0, 0, 0), BY_NAME);
        FetchKey key = plan.targets().get(0).key();
        plan.includes(key, data(5, ErrorCode.NONE));
        FetchPlan next = sessions.plan(request(plan.sessionId(), 1), BY_NAME);

        // When
        boolean error = next.includes(key, data(-1, ErrorCode.NOT_LEADER_OR_FOLLOWER));
        boolean recovery = next.includes(key, data(5, ErrorCode.NONE));
        boolean after = next.includes(key, data(5, ErrorCode.NONE));

        // Then
        assertThat(List.of(error, recovery, after)).containsExactly(true, true, false);
    }

    @Test
    void shouldMoveAPartitionWithRecordsToTheEnd() {
        // Given
        FetchPlan plan = sessions.plan(request(0, 0, 0, 1), BY_NAME);
        FetchKey first = plan.targets().get(0).key();

        // When
        plan.includes(first, data(5, ErrorCode.NONE).setRecords(new BufferRecords(ByteBuffer.allocate(3))));
        FetchPlan next = sessions.plan(request(plan.sessionId(), 1), BY_NAME);

        // Then
        assertThat(next.targets())
                .extracting(target -> target.key().partition())
                .containsExactly(1, 0);
    }

    @Test
    void shouldNeverGiveTheEpochsZeroOrBelowToAnIncrementalFetch() {
        assertThat(FetchSessions.nextEpoch(Integer.MAX_VALUE)).isEqualTo(1);
        assertThat(FetchSessions.nextEpoch(0)).isEqualTo(1);
        assertThat(FetchSessions.nextEpoch(-1)).isEqualTo(-1);
    }

    private static FetchResponse.PartitionData data(long highWatermark, ErrorCode error) {
        return new FetchResponse.PartitionData()
                .setErrorCode(error.code())
                .setHighWatermark(highWatermark)
                .setLogStartOffset(0)
                .setRecords(BufferRecords.EMPTY);
    }

    private static FetchRequest request(int sessionId, int epoch, int... partitions) {
        FetchRequest.FetchTopic topic =
                new FetchRequest.FetchTopic().setTopic("t").setTopicId(Uuid.ZERO);
        for (int partition : partitions) {
            topic.partitions().add(new FetchRequest.FetchPartition().setPartition(partition));
        }
        FetchRequest request = new FetchRequest().setSessionId(sessionId).setSessionEpoch(epoch);
        if (partitions.length > 0) {
            request.topics().add(topic);
        }
        return request;
    }
}
