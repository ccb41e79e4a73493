// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.Uuid;
import io.kaon.sim.SimulatedDisk;
import io.kaon.sim.VirtualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The last moments of a data directory. */
final class DirectoryEndTest {
    private static final Path PATH = Path.of("/simulated", "end", "data");
    private static final long CHECKPOINT_MS = 60_000;

    private final VirtualTime time = new VirtualTime(StorageFixture.START_MS);
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    @Test
    void shouldWriteNothingMoreWhenItIsClosed() throws IOException {
        // Given
        AtomicInteger changes = new AtomicInteger();
        SimulatedDisk disk = new SimulatedDisk(time)
                .with(operation -> changes.addAndGet(operation.kind().changes() ? 1 : 0));
        LogDirectory directory = LogDirectory.open(
                new LogDirectoryOptions(
                        PATH, Optional.of(StorageFixture.CLUSTER), 0, CHECKPOINT_MS, CHECKPOINT_MS, CHECKPOINT_MS),
                new StoragePorts(
                        disk.withFolder(PATH.getParent()),
                        waiting::add,
                        time,
                        time,
                        StorageFixture.LIMITS,
                        () -> new Uuid(1, 2)));
        time.advance(CHECKPOINT_MS);
        CompletionStage<Void> closed = directory.close();
        while (!closed.toCompletableFuture().isDone()) {
            waiting.removeLast().run();
        }
        int changesBefore = changes.get();

        // When
        while (!waiting.isEmpty()) {
            waiting.removeLast().run();
        }

        // Then
        assertThat(changes).hasValue(changesBefore);
        assertThat(directory.isHealthy()).isTrue();
    }
}
