// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.sim.VirtualTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ShardRuntimeTest {
    private final VirtualTime time = new VirtualTime(1_000);
    private final List<Throwable> failures = new ArrayList<>();
    private final MemoryShardLog log = new MemoryShardLog(failures);
    private final AtomicInteger openings = new AtomicInteger();
    private boolean canBeOpened = true;
    private final ShardRuntime<String, Nothing> shards = new ShardRuntime<>(
            new ShardKind<String, Nothing>(
                    "__topic",
                    new Words(),
                    (writer, timers, timeline, owner) -> new Nothing(),
                    new ShardClock(time, time),
                    ShardOptions.DEFAULTS),
            this::open);

    @Test
    void shouldAnswerOnceItLeads() {
        // Given
        shards.onLeader(0, 1);

        // When // Then
        assertThat(ask()).isEqualTo(ErrorCode.NONE);
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldSayThatItIsNotTheCoordinatorWhileItsLogCannotBeOpened() {
        // Given
        canBeOpened = false;
        shards.onLeader(0, 1);

        // When // Then
        assertThat(ask()).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void shouldTryAgainToOpenItsLog() {
        // Given
        canBeOpened = false;
        shards.onLeader(0, 1);
        ask();
        canBeOpened = true;

        // When
        time.advance(ShardRuntime.RETRY_DELAY_MS);

        // Then
        assertThat(ask()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldNotTryAgainOnceItHasResigned() {
        // Given
        canBeOpened = false;
        shards.onLeader(0, 1);
        ask();
        shards.onResigned(0);

        // When
        time.advance(ShardRuntime.RETRY_DELAY_MS);

        // Then
        assertThat(openings).hasValue(1);
        assertThat(ask()).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    private ErrorCode ask() {
        return shards.ask(0, state -> CompletableFuture.completedStage(ErrorCode.NONE), error -> error)
                .toCompletableFuture()
                .join();
    }

    private CompletionStage<ShardLog> open(int partition) {
        openings.incrementAndGet();
        return canBeOpened
                ? CompletableFuture.completedStage(log)
                : CompletableFuture.failedStage(new IOException("the disk is full"));
    }

    /** A state machine that knows nothing. */
    private static final class Nothing implements ShardState<String> {
        @Override
        public void replay(long offset, String record) {}

        @Override
        public void onCommitted(long offset) {}

        @Override
        public void onLoaded() {}

        @Override
        public void onUnloaded(ErrorCode reason) {}
    }

    /** Never used: the log stays empty. */
    private static final class Words implements RecordCodec<String> {
        @Override
        public KeyValue encode(String record) {
            throw new IllegalStateException("nothing is written here");
        }

        @Override
        public Optional<String> decode(KeyValue bytes) {
            return Optional.empty();
        }
    }
}
