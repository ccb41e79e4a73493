// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Syncs that meet a cut or an end on their way: disk work waits until the test lets it go on. */
final class LogSyncerTest {
    private static final FlushOptions FSYNC = new FlushOptions(Long.MAX_VALUE, Long.MAX_VALUE, Durability.FSYNC);

    @TempDir
    private Path path;

    private final FaultyDisk disk = new FaultyDisk();
    private final Deque<Runnable> diskWork = new ArrayDeque<>();
    private StorageFixture storage;
    private PartitionLog log;

    @BeforeEach
    void open() {
        storage = new StorageFixture(path, disk, diskWork::add);
        var opening = storage.directory()
                .openLog(
                        StorageFixture.NAME,
                        StorageFixture.TOPIC,
                        LogOptions.DEFAULT.withFlush(FSYNC),
                        storage.owner());
        drain();
        log = StorageFixture.join(opening);
        append("a", "b", "c");
        drain();
    }

    @AfterEach
    void abandon() {
        storage.abandon();
    }

    @Test
    void shouldSyncAfterACutWhatWaitedForItsTurnMeanwhile() {
        // Given
        append("d", "e", "f");

        // When
        CompletableFuture<Void> cut = truncateTo(4);
        drain();

        // Then
        assertThat(cut).isCompleted();
        assertThat(log.view().logEndOffset()).isEqualTo(4);
        assertThat(committableEnd()).isEqualTo(4);
    }

    @Test
    void shouldHoldBackWhatFlushMessagesHeldBeforeACut() {
        // Given
        storage.run(() ->
                log.reconfigure(LogOptions.DEFAULT.withFlush(new FlushOptions(2, Long.MAX_VALUE, Durability.OS))));
        append("d", "e", "f");
        long before = acknowledgeableEnd();

        // When
        truncateTo(5);
        while (log.view().logEndOffset() > 5) {
            diskWork.poll().run();
        }
        long afterCut = acknowledgeableEnd();
        drain();

        // Then
        assertThat(before).isEqualTo(3);
        assertThat(afterCut).isEqualTo(3);
        assertThat(acknowledgeableEnd()).isEqualTo(5);
    }

    @Test
    void shouldStayClosedWhenItWasClosedDuringACut() {
        // Given
        CompletableFuture<Void> cut = truncateTo(1);

        // When
        CompletableFuture<Void> closed = log.close().toCompletableFuture();
        drain();

        // Then
        assertThat(cut).isCompleted();
        assertThat(closed).isCompleted();
        assertThat(log.isOnline()).isFalse();
        assertThat(disk.openChannels).isZero();
    }

    @Test
    void shouldTellTheLastSyncToWhoeverWaits() {
        // Given
        append("d");
        long[] committable = {0};
        boolean[] isOver = {false};
        storage.run(() -> log.onProgress(() -> {
            committable[0] = log.committableEnd();
            isOver[0] = log.isOver();
        }));

        // When
        CompletableFuture<Void> closed = log.close().toCompletableFuture();
        drain();

        // Then
        assertThat(closed).isCompleted();
        assertThat(committable[0]).isEqualTo(4);
        assertThat(isOver[0]).isTrue();
    }

    private void append(String... values) {
        for (String value : values) {
            storage.run(() -> log.append(StorageFixture.batch(storage.time.wallMs(), value), AppendOrigin.CLIENT, 0));
        }
    }

    private CompletableFuture<Void> truncateTo(long offset) {
        return storage.inside(() -> log.truncateTo(offset)).toCompletableFuture();
    }

    private long committableEnd() {
        return storage.inside(log::committableEnd);
    }

    private long acknowledgeableEnd() {
        return storage.inside(log::acknowledgeableEnd);
    }

    private void drain() {
        while (!diskWork.isEmpty()) {
            diskWork.poll().run();
        }
    }
}
