// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.storage.checkpoint.CorruptFileException;
import io.kaon.storage.checkpoint.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProducerSnapshotFileTest {
    private static final List<ProducerEntry> ENTRIES = List.of(
            new ProducerEntry(1, (short) 2, 3, 4, 5, 6), new ProducerEntry(1L << 40, (short) 0, 9, 99, 0, 777, 12, 88));

    @TempDir
    private Path directory;

    @Test
    void shouldReadWhatItWrote() throws Exception {
        // Given
        ProducerSnapshotFile file = file();

        // When
        file.write(ENTRIES);

        // Then
        assertThat(file.read()).contains(ENTRIES);
    }

    @Test
    void shouldHaveKafkasLayout() throws Exception {
        // Given
        ProducerSnapshotFile file = file();

        // When
        file.write(ENTRIES.subList(0, 1));

        // Then
        String bytes = HexFormat.of().formatHex(Files.readAllBytes(file.file()));
        assertThat(bytes.substring(0, 4)).isEqualTo("0001");
        assertThat(bytes.substring(12))
                .isEqualTo("00000001" + "0000000000000001" + "0002" + "00000003" + "0000000000000004" + "00000005"
                        + "0000000000000006" + "ffffffff" + "ffffffffffffffff");
    }

    @Test
    void shouldRefuseAFileThatIsCutAnywhereOrHasABitFlipped() throws Exception {
        // Given
        ProducerSnapshotFile file = file();
        file.write(ENTRIES);
        byte[] whole = Files.readAllBytes(file.file());

        // When / Then
        for (int length = 0; length < whole.length; length++) {
            Files.write(file.file(), Arrays.copyOf(whole, length));
            assertThatThrownBy(file::read).isInstanceOf(CorruptFileException.class);
        }
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file.file(), flipped);
            assertThatThrownBy(file::read).isInstanceOf(CorruptFileException.class);
        }
    }

    @Test
    void shouldReadNothingWhereThereIsNoFile() throws Exception {
        assertThat(file().read()).isEmpty();
    }

    private ProducerSnapshotFile file() {
        return new ProducerSnapshotFile(Disk.system(), directory.resolve("00000000000000000007.snapshot"));
    }
}
