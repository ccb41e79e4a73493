// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members come, go, fall silent and crash while the coordinator moves and its log commits late or loses its tail. */
final class GroupSimulationTest {
    private static final int MEMBERS = 8;
    private static final int STEPS = 6_000;
    private static final int HEALING_STEPS = 400;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldNeitherLoseOffsetsNorMixGenerations(long seed) {
        // Given
        Run run = new Run(seed);

        // When
        for (int i = 0; i < STEPS; i++) {
            run.step();
        }
        run.heal();

        // Then: everybody who lives shares one generation, and there was something to see
        assertThat(run.members).allSatisfy(member -> {
            assertThat(member.isStable()).isTrue();
            assertThat(member.generation()).isEqualTo(run.members.get(0).generation());
        });
        assertThat(run.history.generations()).isGreaterThan(10);
        assertThat(run.history.acknowledged()).isGreaterThan(10);
    }

    private static final class Run {
        private final Random random;
        private final GroupFixture fixture = new GroupFixture();
        private final GroupHistory history = new GroupHistory();
        private final List<SimulatedMember> members = new ArrayList<>();
        private final boolean[] paused = new boolean[MEMBERS];
        private long offset;

        Run(long seed) {
            random = new Random(seed);
            for (int i = 0; i < MEMBERS; i++) {
                // Every fourth one is static.
                members.add(new SimulatedMember(fixture, history, i % 4 == 0 ? "static-" + i + "-" : ""));
            }
        }

        void step() {
            int index = random.nextInt(MEMBERS);
            SimulatedMember member = members.get(index);
            int what = random.nextInt(1_000);
            if (what < 4) {
                member.crash();
            } else if (what < 8) {
                member.leave();
            } else if (what < 12) {
                paused[index] = !paused[index];
            } else if (what < 20) {
                fixture.log.commitLate();
            } else if (what < 60) {
                fixture.log.commitTo(random.nextInt((int) fixture.log.endOffset() + 1));
            } else if (what < 80) {
                fixture.log.commitAtOnce();
            } else if (what < 85) {
                failOver();
            } else if (what < 300) {
                member.commit(offset++);
            } else if (what < 400) {
                fixture.time.advance(random.nextInt(2_000));
            } else if (!paused[index]) {
                member.step();
            }
            history.onFetched(fixture.fetch());
            assertThat(fixture.failures).isEmpty();
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
            for (int i = 0; i < HEALING_STEPS; i++) {
                members.forEach(SimulatedMember::step);
                fixture.time.advance(1_000);
                history.onFetched(fixture.fetch());
            }
        }
    }
}
