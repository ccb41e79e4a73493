// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import static io.kaon.replication.ReplicationFixture.TOPIC_ID;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.record.ControlRecordType;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.storage.AppendOrigin;
import io.kaon.storage.AppendResult;
import io.kaon.storage.Appended;
import io.kaon.storage.Rejected;
import io.kaon.storage.producer.ProducerBatch;
import io.kaon.storage.producer.TransactionMarker;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifiedAppendsTest {
    private static final long ID = 7;
    private static final long OTHER = 8;
    private static final int TIMEOUT_MS = 1_000;

    @TempDir
    Path directory;

    private ReplicationFixture fixture;

    @BeforeEach
    void open() {
        fixture = new ReplicationFixture(directory);
        fixture.createTopic("events", TOPIC_ID, ReplicationFixture.NODE);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void shouldAppendTheFirstBatchOnlyWhenTheCoordinatorKnows() {
        // Given
        Gate gate = new Gate();
        CompletableFuture<AppendResult> first = append(ID, 0, 0, gate);
        boolean before = first.isDone();

        // When
        gate.word.complete(ErrorCode.NONE);

        // Then
        assertThat(before).isFalse();
        assertThat(offsetOf(first)).isZero();
    }

    @Test
    void shouldAskOncePerTransaction() {
        // Given
        append(ID, 0, 0, Gate.open());
        Gate second = new Gate();

        // When
        CompletableFuture<AppendResult> result = append(ID, 0, 1, second);

        // Then
        assertThat(offsetOf(result)).isEqualTo(1);
        assertThat(second.said).containsExactly("pass");
    }

    @Test
    void shouldKeepTheOrderOfAProducerWithoutHoldingUpOthers() {
        // Given
        Gate slow = new Gate();
        Gate behind = new Gate();
        CompletableFuture<AppendResult> first = append(ID, 0, 0, slow);
        CompletableFuture<AppendResult> second = append(ID, 0, 1, behind);
        CompletableFuture<AppendResult> other = append(OTHER, 0, 0, Gate.open());
        boolean isSecondDone = second.isDone();

        // When
        slow.word.complete(ErrorCode.NONE);

        // Then
        assertThat(isSecondDone).isFalse();
        assertThat(behind.said).containsExactly("pass");
        assertThat(offsetOf(other)).isZero();
        assertThat(offsetOf(first)).isEqualTo(1);
        assertThat(offsetOf(second)).isEqualTo(2);
    }

    @Test
    void shouldRefuseAllThatRestOnTheSameWord() {
        // Given
        Gate gate = new Gate();
        CompletableFuture<AppendResult> first = append(ID, 0, 0, gate);
        CompletableFuture<AppendResult> second = append(ID, 0, 1, new Gate());

        // When
        gate.word.complete(ErrorCode.INVALID_TXN_STATE);

        // Then
        assertThat(codeOf(first)).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(codeOf(second)).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(fixture.partition("events").highWatermark()).isZero();
    }

    @Test
    void shouldAskAgainAfterARefusal() {
        // Given
        Gate refused = new Gate();
        append(ID, 0, 0, refused);
        refused.word.complete(ErrorCode.CONCURRENT_TRANSACTIONS);

        // When
        CompletableFuture<AppendResult> again = append(ID, 0, 0, Gate.open());

        // Then
        assertThat(offsetOf(again)).isZero();
    }

    @Test
    void shouldNotAppendWhatAMarkerHasOvertaken() {
        // Given
        Gate gate = new Gate();
        CompletableFuture<AppendResult> late = append(ID, 0, 0, gate);
        end(ID, 0);

        // When
        gate.word.complete(ErrorCode.NONE);

        // Then
        assertThat(codeOf(late)).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(fixture.partition("events").highWatermark()).isEqualTo(1);
    }

    @Test
    void shouldAskForItselfWhatComesAfterTheMarker() {
        // Given
        Gate ended = new Gate();
        Gate next = new Gate();
        CompletableFuture<AppendResult> late = append(ID, 0, 0, ended);
        end(ID, 0);
        CompletableFuture<AppendResult> newer = append(ID, 0, 0, next);
        next.word.complete(ErrorCode.NONE);
        boolean isNewerDone = newer.isDone();

        // When
        ended.word.complete(ErrorCode.NONE);

        // Then
        assertThat(next.said).containsExactly("verify");
        assertThat(isNewerDone).isFalse();
        assertThat(codeOf(late)).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(offsetOf(newer)).isEqualTo(1);
    }

    @Test
    void shouldRefuseAnOldEpochWithoutAsking() {
        // Given
        append(ID, 4, 0, Gate.open());
        Gate gate = new Gate();

        // When
        CompletableFuture<AppendResult> old = append(ID, 3, 0, gate);

        // Then
        assertThat(codeOf(old)).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(gate.said).containsExactly("pass");
    }

    @Test
    void shouldAskAboutEachEpoch() {
        // Given
        Gate old = new Gate();
        Gate bumped = new Gate();
        CompletableFuture<AppendResult> first = append(ID, 3, 0, old);
        CompletableFuture<AppendResult> second = append(ID, 4, 0, bumped);

        // When
        bumped.word.complete(ErrorCode.NONE);
        old.word.complete(ErrorCode.INVALID_PRODUCER_EPOCH);

        // Then
        assertThat(bumped.said).containsExactly("verify");
        assertThat(codeOf(first)).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(offsetOf(second)).isZero();
    }

    @Test
    void shouldBoundWhatWaits() {
        // Given
        Gate gate = new Gate();
        List<CompletableFuture<AppendResult>> waiting = new ArrayList<>();
        for (int sequence = 0; sequence < VerifiedAppends.MAX_WAITING; sequence++) {
            waiting.add(append(ID, 0, sequence, sequence == 0 ? gate : new Gate()));
        }

        // When
        CompletableFuture<AppendResult> oneMore = append(ID, 0, VerifiedAppends.MAX_WAITING, new Gate());
        gate.word.complete(ErrorCode.NONE);

        // Then
        assertThat(codeOf(oneMore)).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertThat(waiting).allSatisfy(append -> assertThat(append.join()).isInstanceOf(Appended.class));
    }

    @Test
    void shouldTellThoseWhoWaitThatThePartitionIsGone() {
        // Given
        Gate gate = new Gate();
        CompletableFuture<AppendResult> waiting = append(ID, 0, 0, gate);

        // When
        fixture.partition("events").retire(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        gate.word.complete(ErrorCode.NONE);

        // Then
        assertThat(codeOf(waiting)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void shouldDescribeProducersOfAPartitionThatNobodyHasOpened() {
        // Given
        append(ID, 2, 0, Gate.open()).join();

        // When / Then
        assertThat(fixture.partition("events").producers().toCompletableFuture().join())
                .singleElement()
                .satisfies(producer -> {
                    assertThat(producer.producerId()).isEqualTo(ID);
                    assertThat(producer.epoch()).isEqualTo((short) 2);
                    assertThat(producer.openTransactionFirstOffset()).isZero();
                });
    }

    private CompletableFuture<AppendResult> append(long id, int epoch, int sequence, Gate gate) {
        ByteBuffer batch = RecordBatchBuilder.uncompressed()
                .producer(id, (short) epoch, sequence)
                .transactional()
                .append(5, null, new byte[1])
                .build();
        ProducerBatch header = new ProducerBatch(id, (short) epoch, sequence, 0, 5, true);
        return fixture.partition("events")
                .append(batch, Acks.ALL, TIMEOUT_MS, header, gate)
                .toCompletableFuture();
    }

    private void end(long id, int epoch) {
        TransactionMarker marker = new TransactionMarker(id, (short) epoch, ControlRecordType.COMMIT, 0);
        fixture.partition("events")
                .append(marker.toBatch(5), Acks.ALL, TIMEOUT_MS, AppendOrigin.COORDINATOR)
                .toCompletableFuture()
                .join();
    }

    private static long offsetOf(CompletableFuture<AppendResult> result) {
        return ((Appended) result.join()).baseOffset();
    }

    private static ErrorCode codeOf(CompletableFuture<AppendResult> result) {
        return ((Rejected) result.join()).code();
    }

    /** Remembers what the partition has said; the coordinator's word comes when the test wants. */
    private static final class Gate implements TransactionGate {
        private final CompletableFuture<ErrorCode> word = new CompletableFuture<>();
        private final List<String> said = new ArrayList<>();

        static Gate open() {
            Gate gate = new Gate();
            gate.word.complete(ErrorCode.NONE);
            return gate;
        }

        @Override
        public CompletionStage<ErrorCode> verify() {
            said.add("verify");
            return word;
        }

        @Override
        public void pass() {
            said.add("pass");
        }

        @Override
        public boolean hasOwnEpoch() {
            return false;
        }
    }
}
