// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.OffsetCommitResponse;
import io.kaon.wire.message.OffsetFetchResponse;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Consumers commit offsets of a partition, some plainly, some in transactions whose markers come late, twice, or again,
 * while the coordinator moves and its log commits late or loses its tail. Every offset is greater than all before, so
 * the one that counts is the greatest of those that count at all.
 */
final class TransactionalOffsetsSimulationTest {
    private static final int PRODUCERS = 3;
    private static final int STEPS = 5_000;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void shouldNeitherLoseNorMixNorTakeBackOffsets(long seed) {
        // Given
        Run run = new Run(seed);

        // When
        for (int i = 0; i < STEPS; i++) {
            run.step();
        }
        run.heal();

        // Then: all agree, and there was something to see
        assertThat(run.stable().committedOffset()).isEqualTo(run.model.greatestAcknowledged());
        assertThat(run.fixture.fetch()).isEqualTo(run.model.greatestAcknowledged());
        assertThat(run.model.committedTransactions()).isGreaterThan(20);
        assertThat(run.model.unstableAnswers()).isGreaterThan(20);
    }

    private static final class Run {
        private final Random random;
        private final GroupFixture fixture = new GroupFixture();
        private final OffsetModel model = new OffsetModel();
        private final List<SimulatedTransactor> producers = new ArrayList<>();
        private final List<Runnable> observations = new ArrayList<>();

        Run(long seed) {
            random = new Random(seed);
            for (int id = 1; id <= PRODUCERS; id++) {
                producers.add(new SimulatedTransactor(id, fixture, model, random));
            }
        }

        void step() {
            int what = random.nextInt(1_000);
            if (what < 20) {
                fixture.log.commitLate();
            } else if (what < 80) {
                fixture.log.commitTo(random.nextInt((int) fixture.log.endOffset() + 1));
            } else if (what < 110) {
                fixture.log.commitAtOnce();
            } else if (what < 130) {
                failOver();
            } else if (what < 250) {
                commit();
            } else if (what < 300) {
                fixture.time.advance(random.nextInt(3_000));
            } else if (what < 400) {
                fetchStable();
            } else {
                producers.get(random.nextInt(PRODUCERS)).step();
            }
            look();
        }

        /** What is visible at the committed position, after each step. */
        private void look() {
            model.onSeen(fixture.fetch());
            List.copyOf(observations).forEach(Runnable::run);
            assertThat(fixture.failures).isEmpty();
        }

        private void commit() {
            long offset = model.next();
            model.onPlainSent(offset);
            CompletableFuture<OffsetCommitResponse> answer =
                    fixture.commit(8, GroupFixture.commitRequest(-1, "", offset));
            answer.thenAccept(response -> {
                if (GroupFixture.errorOf(response) == ErrorCode.NONE) {
                    model.onAcknowledged(offset);
                }
            });
        }

        private void fetchStable() {
            long expected = model.greatestAcknowledged();
            CompletableFuture<OffsetFetchResponse> answer = fixture.fetch(8, true);
            answer.thenAccept(response -> {
                if (response.groups().get(0).errorCode() == ErrorCode.NONE.code()) {
                    model.onStableAnswer(
                            expected,
                            response.groups()
                                    .get(0)
                                    .topics()
                                    .get(0)
                                    .partitions()
                                    .get(0));
                }
            });
        }

        OffsetFetchResponsePartitions stable() {
            return new TransactionFixture(fixture).stable();
        }

        /** The new leader has what was committed, and maybe more. */
        private void failOver() {
            fixture.coordinator.onResigned(0);
            if (random.nextBoolean()) {
                fixture.log.loseTail();
            }
            fixture.elect();
        }

        void heal() {
            fixture.log.commitAtOnce();
            for (int i = 0; i < 200; i++) {
                producers.forEach(SimulatedTransactor::finish);
                fixture.time.advance(1_000);
                look();
            }
            commit();
            look();
        }
    }
}
