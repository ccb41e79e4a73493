// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Crash after crash; the system properties {@code kaon.sim.hours} and {@code kaon.sim.seed} make it as long as one likes.
 */
final class LogCrashSimulationTest {
    private static final int SEEDS = 40;
    private static final int STEPS = 500;
    private static final Logger STORAGE_LOG = Logger.getLogger("io.kaon.storage");

    @BeforeAll
    static void silence() {
        STORAGE_LOG.setLevel(Boolean.getBoolean("kaon.sim.log") ? Level.ALL : Level.OFF);
    }

    @AfterAll
    static void speak() {
        STORAGE_LOG.setLevel(null);
    }

    static LongStream seeds() {
        return LongStream.range(0, Integer.getInteger("kaon.sim.seeds", SEEDS));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldKeepWhatWasSyncedThroughEveryCrash(long seed) throws IOException {
        // Given
        try (LogCrashSimulation simulation = new LogCrashSimulation(seed)) {

            // When
            simulation.run(STEPS);

            // Then
            assertThat(simulation.powerLosses()).isPositive();
        }
    }

    /**
     * 11: a hole in a compacted log after a loss of power; 24: a time index without its last entry; 5075: a value dropped
     * for one whose commit was lost; 5240: a transaction open for good, because its marker was compacted; 900028: a
     * checkpoint written after the end; 900184, 900004, 900361: the producers' snapshot of a round of compaction, which was
     * missing, then newer than the index of aborted transactions, then written for a log that was gone.
     */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 24, 5075, 5240, 900_004, 900_028, 900_184, 900_361})
    void shouldNotFailAgainWhereItOnceDid(long seed) throws IOException {
        // Given
        try (LogCrashSimulation simulation = new LogCrashSimulation(seed)) {

            // When
            simulation.run(STEPS);

            // Then
            assertThat(simulation.hours()).isPositive();
        }
    }

    @Test
    void shouldSurviveAsManyHoursAsAreAskedFor() throws IOException {
        // Given
        long hours = Long.getLong("kaon.sim.hours", 10);
        long seed = Long.getLong("kaon.sim.seed", 1_000);
        System.out.println("kaon.sim.hours=" + hours + " kaon.sim.seed=" + seed);

        // When
        long done = 0;
        int compactions = 0;
        for (long next = seed; done < hours; next++) {
            try (LogCrashSimulation simulation = new LogCrashSimulation(next)) {
                simulation.run(STEPS);
                done += simulation.hours();
                compactions += simulation.compactions();
            }
        }

        // Then
        assertThat(done).isGreaterThanOrEqualTo(hours);
        assertThat(compactions).isPositive();
        System.out.println("compacted logs that were read: " + compactions);
    }
}
