// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.server.Contexts;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.FetchResponse;
import io.kaon.wire.message.FetchResponse.PartitionData;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FetchHandlerTest {
    private static final int LATEST = 18;
    private static final int BY_NAME = 12;

    @TempDir
    Path data;

    private TestBroker broker;

    @BeforeEach
    void start() {
        broker = new TestBroker(data);
        broker.create("orders", 1);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    static IntStream servedVersions() {
        return IntStream.rangeClosed(4, LATEST);
    }

    @ParameterizedTest
    @MethodSource("servedVersions")
    void shouldReturnTheBatchesInEveryVersionThatIsServed(int version) {
        // Given
        produce("a", "b");
        produce("c");

        // When
        PartitionData partition = only(broker.call(ApiKey.FETCH, version, fetch(1)));

        // Then
        assertThat(partition.errorCode()).isZero();
        assertThat(partition.highWatermark()).isEqualTo(3);
        assertThat(partition.lastStableOffset()).isEqualTo(3);
        assertThat(partition.logStartOffset()).isZero();
        assertThat(partition.records().toBuffer().getLong(0)).isZero();
        assertThat(partition.abortedTransactions()).isNull();
        assertThat(partition.preferredReadReplica()).isEqualTo(-1);
        partition.records().release();
    }

    @Test
    void shouldListAbortedTransactionsOnlyForReadersOfCommittedRecords() {
        // Given
        produce("a");

        // When
        PartitionData partition = only(broker.call(ApiKey.FETCH, LATEST, fetch(0).setIsolationLevel((byte) 1)));

        // Then
        assertThat(partition.abortedTransactions()).isEmpty();
        partition.records().release();
    }

    @Test
    void shouldWaitForRecords() {
        // Given
        CompletionStage<Reply> reply = broker.start(ApiKey.FETCH, LATEST, fetch(0));
        boolean wasDone = reply.toCompletableFuture().isDone();

        // When
        produce("a");

        // Then
        PartitionData partition = only(TestBroker.answer(reply));
        assertThat(wasDone).isFalse();
        assertThat(partition.records().sizeInBytes()).isPositive();
        partition.records().release();
    }

    @Test
    void shouldAnswerEmptyWhenTheTimeIsUp() {
        // Given
        produce("a");
        CompletionStage<Reply> reply = broker.start(ApiKey.FETCH, LATEST, fetch(1));

        // When
        broker.time.advance(500);

        // Then
        assertThat(only(TestBroker.answer(reply)).records().sizeInBytes()).isZero();
    }

    @Test
    void shouldAnswerEarlyWhenItIsHurried() {
        // Given
        produce("a");
        CompletableFuture<Void> hurry = new CompletableFuture<>();
        RequestContext context = RequestContext.of(ApiKey.FETCH, (short) LATEST, "c", Contexts.connection(), hurry);
        CompletionStage<Reply> reply = broker.router.handle(context, fetch(1));

        // When
        hurry.complete(null);

        // Then
        assertThat(only(TestBroker.answer(reply)).errorCode()).isZero();
    }

    @Test
    void shouldRefuseOffsetsOutsideTheLog() {
        // Given
        produce("a");

        // When
        PartitionData beyond = only(broker.call(ApiKey.FETCH, LATEST, fetch(2)));
        PartitionData before = only(broker.call(ApiKey.FETCH, LATEST, fetch(-5)));

        // Then
        assertThat(beyond.errorCode()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE.code());
        assertThat(before.errorCode()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE.code());
    }

    @Test
    void shouldRefuseUnknownTopicsAtOnce() {
        // When
        PartitionData byName = only(broker.call(ApiKey.FETCH, BY_NAME, Batches.fetch("nowhere", Uuid.ZERO, 0)));
        PartitionData byId = only(broker.call(ApiKey.FETCH, LATEST, Batches.fetch("", new Uuid(1, 1), 0)));

        // Then
        assertThat(byName.errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(byId.errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID.code());
    }

    @Test
    void shouldFenceOtherLeaderEpochs() {
        // Given
        produce("a");
        FetchRequest newer = fetch(0);
        newer.topics().get(0).partitions().get(0).setCurrentLeaderEpoch(100);

        // When
        PartitionData partition = only(broker.call(ApiKey.FETCH, LATEST, newer));

        // Then
        assertThat(partition.errorCode()).isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH.code());
    }

    @Test
    void shouldRefuseALastFetchedEpochThatTheLogNeverHad() {
        // Given
        produce("a");
        FetchRequest request = fetch(1);
        request.topics().get(0).partitions().get(0).setLastFetchedEpoch(50);

        // When
        PartitionData partition = only(broker.call(ApiKey.FETCH, LATEST, request));

        // Then
        assertThat(partition.errorCode()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE.code());
        assertThat(partition.records().sizeInBytes()).isZero();
    }

    @Test
    void shouldLeaveOutOfASessionWhatDidNotChange() {
        // Given
        produce("a");
        FetchRequest opening = fetch(1).setSessionEpoch(0).setMaxWaitMs(0);
        FetchResponse first = broker.call(ApiKey.FETCH, LATEST, opening);

        // When
        FetchResponse second = broker.call(ApiKey.FETCH, LATEST, next(first, 1));
        produce("b");
        FetchResponse third = broker.call(ApiKey.FETCH, LATEST, next(first, 2));

        // Then
        assertThat(first.sessionId()).isPositive();
        assertThat(first.responses()).hasSize(1);
        assertThat(second.responses()).isEmpty();
        assertThat(second.sessionId()).isEqualTo(first.sessionId());
        assertThat(only(third).records().sizeInBytes()).isPositive();
        only(third).records().release();
    }

    @Test
    void shouldRefuseASessionThatItDoesNotKnow() {
        // When
        FetchResponse response =
                broker.call(ApiKey.FETCH, LATEST, fetch(0).setSessionId(99).setSessionEpoch(1));

        // Then
        assertThat(response.errorCode()).isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND.code());
        assertThat(response.responses()).isEmpty();
    }

    @Test
    void shouldNotServeThoseWhoSayTheyAreReplicas() {
        // Given
        FetchRequest request = fetch(0);
        request.replicaState().setReplicaId(1);

        // When
        FetchResponse response = broker.call(ApiKey.FETCH, LATEST, request);

        // Then
        assertThat(response.errorCode()).isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code());
    }

    private static FetchRequest next(FetchResponse session, int epoch) {
        return new FetchRequest().setSessionId(session.sessionId()).setSessionEpoch(epoch);
    }

    private FetchRequest fetch(long offset) {
        return Batches.fetch("orders", broker.idOf("orders"), offset);
    }

    private void produce(String... values) {
        broker.call(ApiKey.PRODUCE, 13, Batches.produce(-1, "", broker.idOf("orders"), Batches.batch(values)));
    }

    private static PartitionData only(FetchResponse response) {
        return response.responses().get(0).partitions().get(0);
    }
}
