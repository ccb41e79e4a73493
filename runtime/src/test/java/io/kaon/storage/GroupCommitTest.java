// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class GroupCommitTest {
    private final GroupCommit commits = new GroupCommit("syncs", Runnable::run);
    private final List<CompletableFuture<Void>> running = new ArrayList<>();

    @Test
    void shouldSyncAFewAtATimeInTheOrderInWhichTheyAsked() {
        // Given
        List<Integer> begun = new ArrayList<>();
        for (int log = 0; log < GroupCommit.MAX_PARALLEL + 2; log++) {
            int number = log;
            commits.submit(() -> {
                begun.add(number);
                return next();
            });
        }
        List<Integer> atFirst = List.copyOf(begun);

        // When: one fails, one succeeds
        running.get(2).completeExceptionally(new IllegalStateException("on purpose"));
        running.get(0).complete(null);

        // Then
        assertThat(atFirst).containsExactly(0, 1, 2, 3);
        assertThat(begun).containsExactly(0, 1, 2, 3, 4, 5);
    }

    private CompletableFuture<Void> next() {
        CompletableFuture<Void> sync = new CompletableFuture<>();
        running.add(sync);
        return sync;
    }
}
