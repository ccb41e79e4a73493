// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.quarkus.connector.strategies.PartitionProgress.Pending;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PartitionProgressTest {
    private static final int STEPS = 20_000;

    private final PartitionProgress<String> progress = new PartitionProgress<>();

    @BeforeEach
    void knowThatNothingIsCommitted() {
        progress.onCommittedKnown(OptionalLong.empty());
    }

    @Test
    void shouldCommitNothingBeforeTheFirstRecord() {
        assertThat(progress.toCommit()).isEmpty();
        assertThat(progress.unprocessed()).isZero();
    }

    @Test
    void shouldCommitUpToTheFirstRecordThatIsNotProcessed() {
        // Given
        dispatch(10, 11, 12, 13);

        // When
        process(13, 10, 11);

        // Then
        assertThat(progress.toCommit()).hasValue(12);
        assertThat(progress.unprocessed()).isEqualTo(1);
    }

    @Test
    void shouldCommitBehindTheLastRecordWhenAllAreProcessed() {
        // Given
        dispatch(10, 11, 15);

        // When
        process(15, 11, 10);

        // Then
        assertThat(progress.toCommit()).hasValue(16);
    }

    @Test
    void shouldNotCommitTheSameOffsetTwice() {
        // Given
        dispatch(0, 1);
        process(0);

        // When
        progress.onCommitted(1);

        // Then
        assertThat(progress.toCommit()).isEmpty();
    }

    @Test
    void shouldNotCommitBelowWhatIsCommittedAlready() {
        // Given
        progress.onCommittedKnown(OptionalLong.of(100));
        dispatch(40, 41);

        // When
        process(40, 41);

        // Then
        assertThat(progress.toCommit()).isEmpty();
    }

    @Test
    void shouldKnowRecordThatIsProcessedTwiceOrWasNeverGiven() {
        // Given
        dispatch(5, 6);

        // When
        boolean first = progress.processed(6);
        boolean again = progress.processed(6);
        boolean strange = progress.processed(7);

        // Then
        assertThat(List.of(first, again, strange)).containsExactly(true, false, false);
        assertThat(progress.toCommit())
                .as("nothing is processed up to the first one")
                .isEmpty();
    }

    @Test
    void shouldWaitForRecordThatHasArrivedButIsDispatchedAfterLaterOnes() {
        // Given: 1 waits for another record of its key
        progress.arrived(0, "r0");
        progress.arrived(1, "r1");
        progress.arrived(2, "r2");
        dispatch(0, 2);

        // When
        process(0, 2);

        // Then
        assertThat(progress.toCommit()).hasValue(1);
        assertThat(progress.blockingSince(Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void shouldStandStillForRecordsThatComeAgain() {
        // Given
        dispatch(0, 1, 2, 3);
        process(0, 1, 3);

        // When: somebody moved the position back to 0
        dispatch(0, 1, 2, 3);

        // Then
        assertThat(progress.toCommit()).hasValue(2);
        assertThat(progress.unprocessed()).isEqualTo(1);
        process(2);
        assertThat(progress.toCommit()).hasValue(4);
    }

    @Test
    void shouldTakeRecordsOfGapThatWasJumpedOver() {
        // Given
        dispatch(0, 100);

        // When
        dispatch(50, 51);
        process(0, 50, 100);

        // Then
        assertThat(progress.toCommit()).hasValue(51);
    }

    @Test
    void shouldNotPassRecordThatIsHeld() {
        // Given
        dispatch(0, 1, 2);

        // When
        progress.hold(1);
        process(0, 1, 2);

        // Then
        assertThat(progress.toCommit()).hasValue(1);
    }

    @Test
    void shouldCountAgeFromDispatch() {
        // Given
        progress.arrived(7, "r7");
        progress.dispatched(7, "r7", 5_000);
        progress.dispatched(8, "r8", 6_000);

        // Then
        assertThat(progress.blockingSince(5_000)).isEmpty();
        assertThat(progress.blockingSince(5_001)).hasValue(new Pending<>(7, "r7", 5_000));
    }

    @Test
    void shouldTakeEachOldRecordOnce() {
        // Given
        for (int offset = 0; offset < 5; offset++) {
            progress.dispatched(offset, "r" + offset, 100 + offset);
        }
        process(1);

        // When
        List<Long> first = offsets(progress.takeOlder(103, 1_000, 2));
        List<Long> second = offsets(progress.takeOlder(103, 1_000, 2));
        List<Long> later = offsets(progress.takeOlder(1_001, 2_000, 10));

        // Then
        assertThat(first).containsExactly(0L, 2L);
        assertThat(second).isEmpty();
        assertThat(later).containsExactly(0L, 2L, 3L, 4L);
    }

    @Test
    void shouldStaySmallBehindRecordThatIsStuck() {
        // Given
        dispatch(0);

        // When
        for (long offset = 1; offset < 1_000_000; offset++) {
            dispatch(offset);
            process(offset);
        }

        // Then
        assertThat(progress.toString()).contains("1 unprocessed").doesNotContain("end 1 ");
        assertThat(progress.capacity()).isLessThanOrEqualTo(128);
        process(0);
        assertThat(progress.toCommit()).hasValue(1_000_000);
    }

    @Test
    void shouldForgetTheRoomOfBusyTime() {
        // When
        dispatch(LongStream.range(0, 100_000).toArray());
        process(LongStream.range(0, 100_000).toArray());

        // Then
        assertThat(progress.capacity()).isLessThanOrEqualTo(128);
    }

    static LongStream seeds() {
        long given = Long.getLong("kaon.test.seed", 0);
        return given != 0 ? LongStream.of(given) : new Random().longs(20, 1, Long.MAX_VALUE);
    }

    /** Against a model that is slow and plain. The seed is in the name of the test. */
    @ParameterizedTest(name = "kaon.test.seed={0}")
    @MethodSource("seeds")
    void shouldDoAsThePlainModelDoes(long seed) {
        Random random = new Random(seed);
        Model model = new Model();
        long next = random.nextInt(1_000);
        long committed = next; // What was there before the first record is not ours to commit.
        boolean hasBegun = false;
        Set<Long> waiting = new HashSet<>();
        for (int step = 0; step < STEPS; step++) {
            int what = random.nextInt(100);
            if (what < 45) {
                next += hasBegun && random.nextInt(4) == 0 ? random.nextInt(50) : 0;
                hasBegun = true;
                if (random.nextInt(8) == 0) {
                    progress.arrived(next, "r" + next);
                    waiting.add(next);
                } else {
                    progress.dispatched(next, "r" + next, step + 1);
                }
                model.put(next++);
            } else if (what < 90) {
                model.anyPending(random).ifPresent(offset -> {
                    assertThat(progress.processed(offset)).isTrue();
                    model.processed(offset);
                });
            } else if (what < 92) {
                long back = next - random.nextInt(30);
                for (long offset = back; offset < next; offset++) {
                    if (model.isPending(offset)) {
                        progress.dispatched(offset, "again " + offset, step + 1);
                        waiting.remove(offset);
                    }
                }
            } else if (what < 97) {
                OptionalLong commit = progress.toCommit();
                if (commit.isPresent()) {
                    assertThat(commit.getAsLong()).isGreaterThan(committed);
                    committed = commit.getAsLong();
                    progress.onCommitted(committed);
                }
            } else {
                assertThat(progress.blockingSince(Long.MAX_VALUE).map(Pending::offset))
                        .isEqualTo(model.lowestWithout(waiting));
            }
            assertThat(progress.unprocessed()).isEqualTo(model.size());
            OptionalLong expected = model.committable(next);
            assertThat(progress.toCommit())
                    .isEqualTo(
                            expected.isPresent() && expected.getAsLong() > committed ? expected : OptionalLong.empty());
        }
        assertThat(progress.capacity()).isLessThanOrEqualTo(Math.max(128, 4 * model.most));
    }

    private static final class Model {
        private final SortedMap<Long, Boolean> pending = new TreeMap<>();
        private boolean hasBegun;
        private int most;

        void put(long offset) {
            hasBegun = true;
            pending.put(offset, true);
            most = Math.max(most, pending.size());
        }

        void processed(long offset) {
            pending.remove(offset);
        }

        boolean isPending(long offset) {
            return pending.containsKey(offset);
        }

        Optional<Long> anyPending(Random random) {
            if (pending.isEmpty()) {
                return Optional.empty();
            }
            List<Long> offsets = new ArrayList<>(pending.keySet());
            // Now and then the first, so that commits go on.
            return Optional.of(offsets.get(random.nextBoolean() ? 0 : random.nextInt(offsets.size())));
        }

        /** What is under way may hold up what waits before it. */
        Optional<Long> lowestWithout(Set<Long> waiting) {
            return pending.keySet().stream()
                    .filter(offset -> !waiting.contains(offset))
                    .findFirst();
        }

        int size() {
            return pending.size();
        }

        OptionalLong committable(long next) {
            if (!hasBegun) {
                return OptionalLong.empty();
            }
            return OptionalLong.of(pending.isEmpty() ? next : pending.firstKey());
        }
    }

    private void dispatch(long... offsets) {
        for (long offset : offsets) {
            progress.dispatched(offset, "r" + offset, 1);
        }
    }

    private void process(long... offsets) {
        for (long offset : offsets) {
            progress.processed(offset);
        }
    }

    private static List<Long> offsets(List<Pending<String>> pending) {
        return pending.stream().map(Pending::offset).toList();
    }
}
