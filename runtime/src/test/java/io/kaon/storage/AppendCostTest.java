// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kaon.exec.SerialExecutor;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.InspectionDepth;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.ValidationRules;
import io.kaon.record.codec.StandardCodecs;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which appends an event loop does not do itself, because checking or storing them takes long. */
final class AppendCostTest {
    private static final LogOptions INSPECTED = inspecting(InspectionDepth.RECORDS);

    @TempDir
    private Path path;

    @ParameterizedTest
    @CsvSource({
        "NONE, 60000, RECORDS, false",
        "LZ4, 60000, RECORDS, true",
        "LZ4, 60000, HEADER, false",
        "LZ4, 10000, RECORDS, false",
        "GZIP, 60000, RECORDS, true",
    })
    void shouldSendLargeCompressedBatchesAwayThatAreLookedInto(
            CompressionType codec, int bytes, InspectionDepth depth, boolean expected) {
        assertThat(AppendCost.isHigh(noise(codec, bytes), inspecting(depth))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"NONE, ZSTD, true", "ZSTD, ZSTD, false", "LZ4, NONE, true", "NONE, NONE, false"})
    void shouldSendAwayWhatGetsAnotherCodec(CompressionType sent, CompressionType stored, boolean expected) {
        // Given
        LogOptions options = INSPECTED.withStoredCompression(Optional.of(Compression.of(stored)));

        // When, Then
        assertThat(AppendCost.isHigh(noise(sent, 10), options)).isEqualTo(expected);
    }

    @Test
    void shouldLookAtNothingThatIsShorterThanAHeader() {
        for (int size = 0; size < 61; size++) {
            assertThat(AppendCost.isHigh(ByteBuffer.allocate(size), INSPECTED)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"GZIP", "LZ4", "ZSTD"})
    void shouldGiveUpOnASmallBatchWithALargeInsideAndTakeItWhereThereIsTime(CompressionType codec) {
        try (StorageFixture storage = new StorageFixture(path)) {
            // Given
            Queue<Runnable> away = new ArrayDeque<>();
            SerialExecutor owner = SerialExecutor.withAway("test", Runnable::run, away::add);
            PartitionLog log = StorageFixture.join(
                    storage.directory().openLog(StorageFixture.NAME, StorageFixture.TOPIC, INSPECTED, owner));
            ByteBuffer bomb = RecordBatchBuilder.compressed(new StandardCodecs(), Compression.of(codec))
                    .append(StorageFixture.START_MS, null, new byte[AppendCost.MAX_INLINE_DECOMPRESSED_BYTES])
                    .build();
            assertThat(AppendCost.isHigh(bomb, INSPECTED)).isFalse();

            // When
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            owner.execute(() -> thrown.set(catchThrowable(() -> log.append(bomb, AppendOrigin.CLIENT, 0))));
            AtomicReference<AppendResult> result = new AtomicReference<>();
            owner.executeAway(() -> result.set(log.append(bomb, AppendOrigin.CLIENT, 0)));
            while (!away.isEmpty()) {
                away.poll().run();
            }

            // Then
            assertThat(thrown.get()).isInstanceOf(AppendTakesLongException.class);
            assertThat(result.get()).isInstanceOf(Appended.class);
            assertThat(log.view().logEndOffset()).isEqualTo(1);
            StorageFixture.join(log.close());
        }
    }

    private static LogOptions inspecting(InspectionDepth depth) {
        ValidationRules rules = ValidationRules.DEFAULT;
        return LogOptions.DEFAULT.withRules(new ValidationRules(
                rules.maxMessageBytes(),
                rules.timestampType(),
                rules.timestampBeforeMaxMs(),
                rules.timestampAfterMaxMs(),
                false,
                rules.origin(),
                depth));
    }

    private static ByteBuffer noise(CompressionType codec, int bytes) {
        byte[] value = new byte[bytes];
        new Random(7).nextBytes(value);
        return RecordBatchBuilder.compressed(new StandardCodecs(), Compression.of(codec))
                .append(StorageFixture.START_MS, null, value)
                .build();
    }
}
