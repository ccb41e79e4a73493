// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.storage.StorageFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code preallocate}: files that are larger than what was written, over every kind of end. */
final class PreallocationTest {
    private static final int SEGMENT_BYTES = 4096;
    private static final LogOptions OPTIONS =
            LogOptions.DEFAULT.withSegments(new SegmentOptions(SEGMENT_BYTES, 1_000_000, 0, 10_000, 100, true));
    private static final String FIRST = "00000000000000000000.log";

    @TempDir
    private Path path;

    private StorageFixture storage;

    @BeforeEach
    void open() {
        storage = new StorageFixture(path);
    }

    @AfterEach
    void close() {
        storage.close();
    }

    @Test
    void shouldHaveItsFullSizeWhileItIsWrittenTo() {
        // Given
        PartitionLog log = storage.log(OPTIONS);

        // When
        storage.appendValues(log, "a", "b");

        // Then
        assertThat(size(FIRST)).isEqualTo(SEGMENT_BYTES);
        assertThat(log.sizeInBytes()).isLessThan(SEGMENT_BYTES / 2);
        assertThat(readAll(log, 0)).containsExactly("0=a", "1=b");
    }

    @Test
    void shouldCutTheFileWhenItsSegmentIsFull() {
        // Given
        PartitionLog log = storage.log(OPTIONS);

        // When
        for (int index = 0; index < 30; index++) {
            storage.appendValues(log, "x".repeat(700));
        }

        // Then
        List<String> files = logFiles();
        assertThat(files).hasSizeGreaterThan(4);
        assertThat(files.subList(0, files.size() - 1)).allMatch(file -> size(file) < SEGMENT_BYTES);
        assertThat(size(files.get(files.size() - 1))).isEqualTo(SEGMENT_BYTES);
        assertThat(readAll(log, 0)).hasSize(30);
    }

    @Test
    void shouldCutTheFileAtACleanEnd() {
        // Given
        PartitionLog log = storage.log(OPTIONS);
        storage.appendValues(log, "a");
        long written = log.sizeInBytes();

        // When
        storage.restart();
        long atRest = size(FIRST);
        PartitionLog again = storage.log(OPTIONS);
        storage.appendValues(again, "b");

        // Then
        assertThat(atRest).isEqualTo(written);
        assertThat(readAll(again, 0)).containsExactly("0=a", "1=b");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 9, 12})
    void shouldFindTheEndAfterACrash(int batches) {
        // Given
        PartitionLog log = storage.log(OPTIONS);
        for (int index = 0; index < batches; index++) {
            storage.appendValues(log, "x".repeat(900));
        }

        // When
        storage.crash();
        PartitionLog again = storage.log(OPTIONS);
        storage.appendValues(again, "y");

        // Then
        assertThat(again.view().logEndOffset()).isEqualTo(batches + 1);
        assertThat(readAll(again, 0)).hasSize(batches + 1).last().isEqualTo(batches + "=y");
        storage.restart();
        assertThat(readAll(storage.log(OPTIONS), 0)).hasSize(batches + 1);
        assertThat(logFiles()).allMatch(file -> size(file) < SEGMENT_BYTES);
    }

    @Test
    void shouldCutATornBatchInFrontOfTheZeros() throws IOException {
        // Given
        PartitionLog log = storage.log(OPTIONS);
        storage.appendValues(log, "a");
        long written = log.sizeInBytes();
        ByteBuffer torn = StorageFixture.batch(StorageFixture.START_MS, "torn").putLong(0, 1);
        storage.abandon();
        try (FileChannel file = FileChannel.open(folder().resolve(FIRST), StandardOpenOption.WRITE)) {
            file.write(torn.limit(torn.limit() - 3), written);
        }

        // When
        storage.open();
        PartitionLog again = storage.log(OPTIONS);

        // Then
        assertThat(again.view().logEndOffset()).isEqualTo(1);
        assertThat(size(FIRST)).isEqualTo(written);
        storage.appendValues(again, "b");
        assertThat(readAll(again, 0)).containsExactly("0=a", "1=b");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void shouldEndWhereItIsTruncated(long offset) {
        // Given
        PartitionLog log = storage.log(OPTIONS);
        storage.appendValues(log, "a");
        storage.appendValues(log, "b");
        storage.appendValues(log, "c");

        // When
        storage.inside(() -> log.truncateTo(offset).toCompletableFuture()).join();

        // Then
        assertThat(log.view().logEndOffset()).isEqualTo(offset);
        storage.appendValues(log, "d");
        assertThat(readAll(log, offset)).containsExactly(offset + "=d");
        storage.crash();
        assertThat(storage.log(OPTIONS).view().logEndOffset()).isEqualTo(offset + 1);
    }

    @Test
    void shouldFollowTheSettingWhileItIsInUse() {
        // Given
        PartitionLog log = storage.log(OPTIONS);
        storage.appendValues(log, "a");
        LogOptions grown = OPTIONS.withSegments(new SegmentOptions(SEGMENT_BYTES, 1_000_000, 10_000, 100));

        // When
        storage.run(() -> log.reconfigure(grown));
        for (int index = 0; index < 5; index++) {
            storage.appendValues(log, "x".repeat(1300));
        }

        // Then: but for the file that was made ahead of time
        List<String> files = logFiles();
        assertThat(size(files.get(files.size() - 1))).isLessThan(SEGMENT_BYTES);
        assertThat(readAll(log, 0)).hasSize(6);
    }

    @Test
    void shouldRefuseWhatIsLargerThanASegment() {
        // Given
        PartitionLog log = storage.log(OPTIONS);

        // When
        AppendResult refused =
                storage.append(log, StorageFixture.batch(StorageFixture.START_MS, "x".repeat(SEGMENT_BYTES)));

        // Then
        assertThat(((Rejected) refused).code()).isEqualTo(ErrorCode.RECORD_LIST_TOO_LARGE);
        assertThat(log.view().logEndOffset()).isZero();
    }

    private Path folder() {
        return path.resolve(StorageFixture.NAME.toString());
    }

    private long size(String file) {
        try {
            return Files.size(folder().resolve(file));
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private List<String> logFiles() {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(it -> it.getFileName().toString())
                    .filter(it -> it.endsWith(".log"))
                    .sorted()
                    .toList();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }
}
