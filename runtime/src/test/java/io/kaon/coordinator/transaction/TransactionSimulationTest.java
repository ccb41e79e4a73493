// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.coordinator.transaction.SimulatedPartitions.End;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Producers, some in pairs that fight for one id, begin, write, end, crash and fall silent, while the coordinator
 * moves, its log commits late or loses its tail, and its markers get lost, late or repeated. What must hold: a
 * transaction ends the same way everywhere, and that way which its producer was told; no marker ends a transaction that
 * it was not meant for; nobody is given an epoch twice; and in the end nothing hangs.
 */
final class TransactionSimulationTest {
    private static final int STEPS = 4_000;
    private static final int HEALING_MS = 4 * SimulatedProducer.TIMEOUT_MS;

    @ParameterizedTest(name = "transaction.version {0}, seed {1}")
    @CsvSource({
        "2, 1", "2, 2", "2, 3", "2, 4", "2, 5", "2, 6", "2, 7", "2, 8", "2, 9", "2, 10", "2, 11", "2, 12", "1, 1",
        "1, 2", "1, 3", "1, 4", "0, 5", "0, 6", "0, 7", "0, 8"
    })
    void shouldEndEveryTransactionTheSameEverywhere(int level, long seed) {
        new Run(level, false, seed).run();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {101, 102, 103, 153})
    void shouldDoSoWhileTheFeatureChanges(long seed) {
        new Run(Transaction.EPOCH_PER_TRANSACTION, true, seed).run();
    }

    static final class Run {
        private final Random random;
        private final CoordinatorFixture fixture;
        private final SimulatedPartitions partitions;
        private final Map<Integer, End> acknowledged = new HashMap<>();
        private final SimulatedProducer.Shared shared;
        private final List<SimulatedProducer> producers = new ArrayList<>();
        private final List<String> ids = new ArrayList<>();

        private final boolean changesLevel;

        Run(int level, boolean changesLevel, long seed) {
            this.changesLevel = changesLevel;
            random = new Random(seed);
            fixture = new CoordinatorFixture(random);
            fixture.metadata.level(level);
            partitions = (SimulatedPartitions) fixture.sender;
            shared = new SimulatedProducer.Shared(
                    random,
                    List.of(
                            new TopicPartition("t", 0),
                            new TopicPartition("t", 1),
                            new TopicPartition("t", 2),
                            new TopicPartition("u", 0)),
                    acknowledged);
            for (int i = 0; i < 6; i++) {
                // The first two and the last two fight for their ids; a cluster of today still has old clients.
                String id = "id-" + (i == 1 ? 0 : i == 5 ? 4 : i);
                ids.add(id);
                boolean isOld = level < 2 || i == 3 || i == 5;
                producers.add(new SimulatedProducer(fixture, partitions, shared, id, isOld));
            }
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                step();
            }
            heal();
            check();
        }

        private void step() {
            int what = random.nextInt(1_000);
            if (what < 3) {
                producers.get(random.nextInt(producers.size())).crash();
            } else if (what < 10) {
                fixture.log.commitLate();
            } else if (what < 60) {
                fixture.log.commitTo(random.nextInt((int) fixture.log.endOffset() + 1));
            } else if (what < 75) {
                fixture.log.commitAtOnce();
            } else if (what < 78) {
                fixture.log.refuse(ErrorCode.NOT_ENOUGH_REPLICAS);
            } else if (what < 100) {
                fixture.log.accept();
            } else if (what < 105) {
                failOver();
            } else if (what < 108 && changesLevel) {
                fixture.metadata.level(random.nextInt(Transaction.EPOCH_PER_TRANSACTION + 1));
            } else if (what < 400) {
                fixture.time.advance(random.nextInt(what < 110 ? 2 * SimulatedProducer.TIMEOUT_MS : 50));
            } else {
                producers.get(random.nextInt(producers.size())).step();
            }
            assertThat(fixture.failures).isEmpty();
        }

        /** The new leader has what was committed, and maybe more. */
        private void failOver() {
            fixture.coordinator.onResigned(0);
            if (random.nextBoolean()) {
                fixture.log.loseTail();
            }
            fixture.time.advance(random.nextInt(100));
            fixture.elect();
        }

        /** Everything works, and the producers are gone: only time passes. */
        private void heal() {
            partitions.heal();
            fixture.log.accept();
            fixture.log.commitAtOnce();
            fixture.describe("anybody");
            fixture.time.advance(HEALING_MS);
            assertThat(fixture.failures).isEmpty();
        }

        private void check() {
            for (String id : ids) {
                assertThat(fixture.describe(id).transactionState())
                        .as("state of %s", id)
                        .isIn("Empty", "CompleteCommit", "CompleteAbort");
            }
            partitions.all().forEach((number, ends) -> {
                assertThat(ends.values()).as("transaction %s: %s", number, ends).doesNotContain(End.OPEN);
                assertThat(ends.values().stream().distinct())
                        .as("transaction %s: %s", number, ends)
                        .hasSizeLessThan(2);
                if (acknowledged.containsKey(number)) {
                    assertThat(ends.values())
                            .as("transaction %s: %s", number, ends)
                            .containsOnly(acknowledged.get(number));
                }
            });
            // And there was something to see.
            assertThat(acknowledged).hasSizeGreaterThan(30);
            assertThat(acknowledged.values()).contains(End.COMMITTED, End.ABORTED);
            assertThat(partitions.markersTaken()).isGreaterThan(100);
        }
    }
}
