// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TransactionLogModelTest {
    private static final int STEPS = 250;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Long.getLong("kaon.test.seeds", 10));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldShowCommittedRecordsOnlyWhateverHappens(long seed, @TempDir Path directory) {
        // Given
        try (TransactionLogModel model = new TransactionLogModel(directory, seed)) {
            // When
            for (int step = 0; step < STEPS; step++) {
                String done = model.step();

                // Then
                assertThat(model.problems())
                        .as("seed %s, step %s: %s", seed, step, done)
                        .isEmpty();
            }
        }
    }
}
