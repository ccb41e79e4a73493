// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.storage.StorageFixture.NAME;
import static io.kaon.storage.StorageFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Index files with more in them than was synced, as a loss of power may leave them. */
final class IndexTailTest {
    private static final int BATCHES = 40;
    private static final LogOptions DENSE =
            LogOptions.DEFAULT.withSegments(new SegmentOptions(1 << 20, Long.MAX_VALUE, 1 << 20, 10));

    @TempDir
    private Path path;

    @ParameterizedTest(name = "{0} bytes of zeros")
    @ValueSource(ints = {24, 240, 24_000})
    void shouldTrustNoZerosBehindWhatWasSynced(int zeros) throws IOException {
        // Given
        StorageFixture storage = new StorageFixture(path, FaultyDisk.quick());
        PartitionLog log = storage.log(DENSE);
        append(storage, log, BATCHES);
        StorageFixture.join(log.flush());
        storage.time.advance(LogDirectoryOptions.DEFAULT_CHECKPOINT_INTERVAL_MS + 1);
        append(storage, log, BATCHES);
        storage.abandon();
        Path folder = path.resolve(NAME.toString());
        for (String suffix : List.of(".index", ".timeindex")) {
            Files.write(folder.resolve("00000000000000000000" + suffix), new byte[zeros], StandardOpenOption.APPEND);
        }

        // When
        storage.open();
        PartitionLog recovered = storage.log(DENSE);
        append(storage, recovered, BATCHES);
        storage.close();

        // Then
        assertThat(keys(folder.resolve("00000000000000000000.index"), 8)).hasSizeGreaterThan(BATCHES);
        assertAscends(keys(folder.resolve("00000000000000000000.index"), 8));
        assertAscends(keys(folder.resolve("00000000000000000000.timeindex"), 12));
        storage.open();
        assertThat(readAll(storage.log(DENSE), 0)).hasSize(3 * BATCHES);
        storage.close();
    }

    private static void append(StorageFixture storage, PartitionLog log, int batches) {
        for (int count = 0; count < batches; count++) {
            storage.time.advance(1);
            storage.appendValues(log, "value");
        }
    }

    private static List<Long> keys(Path index, int entryBytes) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(index));
        List<Long> keys = new ArrayList<>();
        for (int at = 0; at < bytes.limit(); at += entryBytes) {
            keys.add(entryBytes == Long.BYTES ? bytes.getInt(at) : bytes.getLong(at));
        }
        return keys;
    }

    private static void assertAscends(List<Long> keys) {
        for (int index = 1; index < keys.size(); index++) {
            assertThat(keys.get(index)).as("entry %s", index).isGreaterThan(keys.get(index - 1));
        }
    }
}
