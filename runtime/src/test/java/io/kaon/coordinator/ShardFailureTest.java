// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.sim.VirtualTime;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A state machine that cannot take in what its log says: nobody may wait for it, and nobody be told what it knows. */
final class ShardFailureTest {
    private static final String POISON = "poison";

    private final VirtualTime time = new VirtualTime(1_000);
    private final List<Throwable> failures = new ArrayList<>();
    private final MemoryShardLog log = new MemoryShardLog(failures);
    private final List<Choosy> states = new ArrayList<>();
    private final ShardRuntime<String, Choosy> shards = new ShardRuntime<>(
            new ShardKind<String, Choosy>(
                    "__topic",
                    new Words(),
                    (writer, timers, timeline, owner) -> {
                        states.add(new Choosy(writer, timers));
                        return states.get(states.size() - 1);
                    },
                    new ShardClock(time, time),
                    ShardOptions.DEFAULTS),
            partition -> CompletableFuture.completedStage(log));
    private boolean failsWhenLoaded;

    @Test
    void shouldNotStayLoadingWhenTheLogCannotBeReplayed() {
        // Given: more than is replayed in one task, the poison in the last one
        for (int i = 0; i < 5_000; i++) {
            log.put(new Words().encode("word"));
        }
        log.put(new Words().encode(POISON));

        // When
        shards.onLeader(0, 1);

        // Then
        assertThat(ask()).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(ask()).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(states.get(0).unloads).isEqualTo(1);
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldNotStayLoadingWhenItCannotBegin() {
        // Given
        failsWhenLoaded = true;

        // When
        shards.onLeader(0, 1);

        // Then
        assertThat(ask()).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(states.get(0).unloads).isEqualTo(1);
    }

    @Test
    void shouldNotAnswerAnyMoreWhenItCannotReplayWhatItHasWritten() {
        // Given: a write that waits for its commit
        shards.onLeader(0, 1);
        log.commitLate();
        CompletionStage<ErrorCode> before = write("word");

        // When
        CompletionStage<ErrorCode> poisoned = write(POISON);

        // Then
        assertThat(poisoned).isCompletedWithValue(ErrorCode.NOT_COORDINATOR);
        assertThat(before).isCompletedWithValue(ErrorCode.NOT_COORDINATOR);
        assertThat(write("more")).isCompletedWithValue(ErrorCode.NOT_COORDINATOR);
        log.commit();
        shards.onResigned(0);
        assertThat(states.get(0).unloads).isEqualTo(1);
        assertThat(states.get(0).timers.count()).isZero();
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldComeBackWhenItIsLedAnew() {
        // Given
        failsWhenLoaded = true;
        shards.onLeader(0, 1);
        ask();
        failsWhenLoaded = false;

        // When
        shards.onLeader(0, 2);

        // Then
        assertThat(ask()).isEqualTo(ErrorCode.NONE);
    }

    private ErrorCode ask() {
        return shards.ask(0, state -> CompletableFuture.completedStage(ErrorCode.NONE), error -> error)
                .toCompletableFuture()
                .join();
    }

    private CompletionStage<ErrorCode> write(String word) {
        return shards.ask(
                0,
                state -> state.writer
                        .write(List.of(word))
                        .thenApply(result ->
                                result instanceof WriteResult.Failed failed ? failed.error() : ErrorCode.NONE),
                error -> error);
    }

    private final class Choosy implements ShardState<String> {
        private final ShardWriter<String> writer;
        private final ShardTimers timers;
        private int unloads;

        Choosy(ShardWriter<String> writer, ShardTimers timers) {
            this.writer = writer;
            this.timers = timers;
        }

        @Override
        public void replay(long offset, String record) {
            if (record.equals(POISON)) {
                throw new IllegalStateException("not to my taste");
            }
        }

        @Override
        public void onCommitted(long offset) {}

        @Override
        public void onLoaded() {
            if (failsWhenLoaded) {
                throw new IllegalStateException("not today");
            }
        }

        @Override
        public void onUnloaded(ErrorCode reason) {
            unloads++;
        }
    }

    private static final class Words implements RecordCodec<String> {
        @Override
        public KeyValue encode(String record) {
            return KeyValue.tombstone(ByteBuffer.wrap(record.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public Optional<String> decode(KeyValue bytes) {
            return Optional.of(StandardCharsets.UTF_8.decode(bytes.key()).toString());
        }
    }
}
