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
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pipelining producers that write transaction after transaction into one partition, while the coordinator answers late
 * or refuses, the disk holds appends up, batches are sent again and markers come when they like. Each batch is in the
 * log once, and those of a producer are in their order.
 */
class VerifiedAppendsSimulationTest {
    private static final int STEPS = 600;
    private static final int IN_FLIGHT = 5;
    private static final int TIMEOUT_MS = 60_000;

    @TempDir
    Path directory;

    private final List<Gate> asked = new ArrayList<>();
    private final Set<Long> offsets = new HashSet<>();
    private int markers;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void shouldKeepOrderAndLoseOrDoubleNothing(long seed) {
        // Given
        Random random = new Random(seed * 0x9E3779B97F4A7C15L); // the first boolean of small seeds is always true
        List<Producer> producers = new ArrayList<>();

        // When
        try (ReplicationFixture fixture = new ReplicationFixture(directory)) {
            fixture.createTopic("events", TOPIC_ID, ReplicationFixture.NODE);
            // A partition that has dropped data takes any sequence of a producer that it does not know.
            int before = random.nextBoolean() ? dropSomething(fixture) : 0;
            for (int id = 0; id < 4; id++) {
                producers.add(new Producer(fixture.partition("events"), id, id % 2 == 0));
            }
            for (int step = 0; step < STEPS; step++) {
                step(random, fixture, producers.get(random.nextInt(producers.size())));
            }
            fixture.release();
            for (int round = 0; round < STEPS && !producers.stream().allMatch(Producer::isDone); round++) {
                producers.forEach(Producer::mark);
                producers.forEach(producer -> producer.settle(false));
                answerAll();
            }

            // Then
            assertThat(producers).as("seed %d", seed).allMatch(Producer::isDone);
            assertThat(fixture.partition("events").highWatermark())
                    .as("seed %d", seed)
                    .isEqualTo(before + offsets.size() + markers);
            assertThat(producers.stream().mapToInt(producer -> producer.written).sum())
                    .as("seed %d", seed)
                    .isEqualTo(offsets.size())
                    .isPositive();
        }
    }

    private static int dropSomething(ReplicationFixture fixture) {
        Partition partition = fixture.partition("events");
        partition
                .append(ReplicationFixture.batch("old"), Acks.ALL, TIMEOUT_MS, AppendOrigin.CLIENT)
                .toCompletableFuture()
                .join();
        partition.deleteRecords(1).toCompletableFuture().join();
        return 1;
    }

    private void step(Random random, ReplicationFixture fixture, Producer producer) {
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> producer.send();
            case 3 -> producer.settle(random.nextInt(4) == 0);
            case 4 -> producer.endTransaction();
            case 5 -> producer.mark();
            case 6 -> {
                if (!asked.isEmpty()) {
                    asked.remove(random.nextInt(asked.size())).answer(random);
                }
            }
            default -> {
                if (random.nextBoolean()) {
                    fixture.holdBlockingWork();
                } else {
                    fixture.release();
                }
            }
        }
    }

    private void answerAll() {
        List<Gate> now = List.copyOf(asked);
        asked.clear();
        now.forEach(gate -> gate.word.complete(gate.truth()));
    }

    /** A client that has a few batches in flight, sends again in order what was refused, and ends transactions. */
    private final class Producer {
        private final Partition partition;
        private final long id;
        private final boolean bumpsEpoch;
        private final List<CompletableFuture<AppendResult>> inFlight = new ArrayList<>();
        private short epoch;
        private int acknowledged;
        private int sent;
        private int written;
        private long lastOffset = -1;
        /** The coordinator has the end of the transaction, the partition not yet. */
        private boolean isEnding;

        Producer(Partition partition, long id, boolean bumpsEpoch) {
            this.partition = partition;
            this.id = id;
            this.bumpsEpoch = bumpsEpoch;
        }

        boolean isDone() {
            return acknowledged == sent && inFlight.isEmpty();
        }

        void send() {
            // With one epoch for all, a client hears that its transaction has ended before it writes again.
            if (inFlight.size() < IN_FLIGHT && (bumpsEpoch || !isEnding)) {
                inFlight.add(append(acknowledged + inFlight.size()));
                sent = Math.max(sent, acknowledged + inFlight.size());
            }
        }

        private CompletableFuture<AppendResult> append(int sequence) {
            ByteBuffer batch = RecordBatchBuilder.uncompressed()
                    .producer(id, epoch, sequence)
                    .transactional()
                    .append(5, null, new byte[1])
                    .build();
            ProducerBatch header = new ProducerBatch(id, epoch, sequence, 0, 5, true);
            return partition
                    .append(batch, Acks.ALL, TIMEOUT_MS, header, new Gate(this, epoch))
                    .toCompletableFuture();
        }

        /** Takes what is answered, in order, and sends again from the first that was refused, or takes too long. */
        void settle(boolean isImpatient) {
            while (!inFlight.isEmpty() && inFlight.get(0).isDone()) {
                AppendResult result = inFlight.get(0).join();
                if (result instanceof Rejected) {
                    break;
                }
                inFlight.remove(0);
                onAppended((Appended) result);
            }
            boolean isRefused = !inFlight.isEmpty() && inFlight.get(0).isDone();
            if (isRefused || isImpatient || sent > acknowledged + inFlight.size()) {
                inFlight.clear();
                for (int sequence = acknowledged; sequence < sent; sequence++) {
                    inFlight.add(append(sequence));
                }
            }
        }

        private void onAppended(Appended appended) {
            assertThat(offsets.add(appended.baseOffset())).isTrue();
            assertThat(appended.baseOffset()).isGreaterThan(lastOffset);
            lastOffset = appended.baseOffset();
            acknowledged++;
            written++;
        }

        void endTransaction() {
            if (isDone() && !isEnding && acknowledged > 0) {
                isEnding = true;
                if (bumpsEpoch) {
                    epoch++;
                    acknowledged = 0;
                    sent = 0;
                }
            }
        }

        void mark() {
            if (isEnding) {
                TransactionMarker marker = new TransactionMarker(id, epoch, ControlRecordType.COMMIT, 0);
                partition
                        .append(
                                marker.toBatch(5),
                                Acks.ALL,
                                TIMEOUT_MS,
                                bumpsEpoch ? AppendOrigin.COORDINATOR_BUMPING_EPOCHS : AppendOrigin.COORDINATOR)
                        .thenAccept(result -> {
                            assertThat(result).isInstanceOf(Appended.class);
                            markers++;
                            isEnding = false;
                        });
            }
        }
    }

    /** The way to a coordinator that knows the producer's present transaction, and refuses now and then. */
    private final class Gate implements TransactionGate {
        private final Producer producer;
        private final short epoch;
        private final CompletableFuture<ErrorCode> word = new CompletableFuture<>();

        Gate(Producer producer, short epoch) {
            this.producer = producer;
            this.epoch = epoch;
        }

        @Override
        public CompletionStage<ErrorCode> verify() {
            asked.add(this);
            return word;
        }

        @Override
        public void pass() {
            // Nothing to ask.
        }

        @Override
        public boolean hasOwnEpoch() {
            return producer.bumpsEpoch;
        }

        void answer(Random random) {
            word.complete(random.nextInt(4) == 0 ? ErrorCode.NOT_ENOUGH_REPLICAS : truth());
        }

        private ErrorCode truth() {
            if (epoch < producer.epoch) {
                return ErrorCode.INVALID_PRODUCER_EPOCH;
            }
            return producer.isEnding ? ErrorCode.CONCURRENT_TRANSACTIONS : ErrorCode.NONE;
        }
    }
}
