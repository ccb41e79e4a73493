// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.exec.Cancellable;
import io.kaon.exec.SerialExecutor;
import io.kaon.sim.VirtualTime;
import io.kaon.storage.producer.TransactionMarker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where a shard writes while a write might have to wait for the disk: never on the thread that happens to come by. */
final class ShardAwayTest {
    private final VirtualTime time = new VirtualTime(1_000);
    private final DiskLog log = new DiskLog();
    private Writing state;

    @BeforeEach
    void load() {
        ShardKind<String, Writing> kind = new ShardKind<String, Writing>(
                "__topic",
                new Words(),
                (writer, timers, timeline, owner) -> state = new Writing(writer, timers),
                new ShardClock(time, time),
                ShardOptions.DEFAULTS);
        log.owner.execute(() -> new Shard<>("shard", 1, log, kind).load());
    }

    @Test
    void shouldWriteAwayWhatATimerStarts() {
        // Given
        log.owner.execute(() -> state.timers.schedule("name", 10, () -> state.writer.write(List.of("word"))));
        log.needsDisk = true;

        // When
        time.advance(10);
        List<Boolean> before = List.copyOf(log.appendedAway);
        log.runAway();

        // Then
        assertThat(before).isEmpty();
        assertThat(log.appendedAway).containsExactly(true);
    }

    @Test
    void shouldWriteAwayWhatACommitStarts() {
        // Given
        log.commitsAtOnce = false;
        log.owner.execute(
                () -> state.writer.write(List.of("first")).thenAccept(done -> state.writer.write(List.of("next"))));
        log.needsDisk = true;

        // When
        log.owner.execute(() -> log.commit(1));
        List<Boolean> before = List.copyOf(log.appendedAway);
        log.runAway();

        // Then
        assertThat(before).containsExactly(false);
        assertThat(log.appendedAway).containsExactly(false, true);
    }

    @Test
    void shouldStayWhereItIsWhileNoWriteHasToWait() {
        // Given
        log.owner.execute(() -> state.timers.schedule("name", 10, () -> state.writer.write(List.of("word"))));

        // When
        time.advance(10);

        // Then
        assertThat(log.appendedAway).containsExactly(false);
        assertThat(log.away).isEmpty();
    }

    /** An empty log that says where it was written. */
    private static final class DiskLog implements ShardLog {
        private final List<Runnable> away = new ArrayList<>();
        private final List<Boolean> appendedAway = new ArrayList<>();
        private final List<LongConsumer> listeners = new ArrayList<>();
        private final SerialExecutor owner = SerialExecutor.withAway("log", Runnable::run, away::add);
        private boolean needsDisk;
        private boolean commitsAtOnce = true;
        private long end;
        private long committed;

        private void runAway() {
            while (!away.isEmpty()) {
                away.remove(0).run();
            }
        }

        private void commit(long offset) {
            committed = offset;
            listeners.forEach(listener -> listener.accept(offset));
        }

        @Override
        public SerialExecutor owner() {
            return owner;
        }

        @Override
        public ShardAppend append(List<KeyValue> records, long timestampMs) {
            appendedAway.add(owner.mayBlock());
            long base = end;
            end += records.size();
            if (commitsAtOnce) {
                commit(end);
            }
            return new ShardAppend.Appended(base);
        }

        @Override
        public ShardAppend appendTransactional(ProducerIdAndEpoch producer, List<KeyValue> records, long timestampMs) {
            return append(records, timestampMs);
        }

        @Override
        public ShardAppend appendMarker(TransactionMarker marker, boolean bumpsEpoch, long timestampMs) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean needsDisk(int bytes) {
            return needsDisk;
        }

        @Override
        public long startOffset() {
            return 0;
        }

        @Override
        public long endOffset() {
            return end;
        }

        @Override
        public long committedOffset() {
            return committed;
        }

        @Override
        public CompletionStage<LogChunk> read(long offset, int maxBytes) {
            return CompletableFuture.failedStage(new IllegalStateException("there is nothing to read"));
        }

        @Override
        public Cancellable onCommitted(LongConsumer listener) {
            listeners.add(listener);
            return () -> listeners.remove(listener);
        }
    }

    private record Writing(ShardWriter<String> writer, ShardTimers timers) implements ShardState<String> {
        @Override
        public void replay(long offset, String record) {}

        @Override
        public void onCommitted(long offset) {}

        @Override
        public void onLoaded() {}

        @Override
        public void onUnloaded(ErrorCode reason) {}
    }

    private static final class Words implements RecordCodec<String> {
        @Override
        public KeyValue encode(String record) {
            return KeyValue.of(ByteBuffer.wrap(record.getBytes(StandardCharsets.UTF_8)), ByteBuffer.allocate(1));
        }

        @Override
        public Optional<String> decode(KeyValue bytes) {
            return Optional.empty();
        }
    }
}
