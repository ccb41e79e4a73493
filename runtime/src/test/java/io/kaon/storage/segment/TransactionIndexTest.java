// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.storage.checkpoint.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TransactionIndexTest {
    private static final AbortedTransaction FIRST = new AbortedTransaction(7, 100, 120, 110);
    private static final AbortedTransaction SECOND = new AbortedTransaction(8, 110, 130, 125);
    private static final AbortedTransaction THIRD = new AbortedTransaction(9, 125, 140, 141);

    @TempDir
    private Path directory;

    @Test
    void shouldHaveKafkasLayout() throws IOException {
        // Given
        TransactionIndex index = index(0);

        // When
        index.append(FIRST);
        index.seal();

        // Then
        assertThat(HexFormat.of().formatHex(Files.readAllBytes(file())))
                .isEqualTo("0000" + "0000000000000007" + "0000000000000064" + "0000000000000078" + "000000000000006e");
    }

    @Test
    void shouldHaveNoFileWithoutAnEntry() throws IOException {
        // Given
        Files.write(file(), new byte[TransactionIndex.ENTRY_BYTES]);

        // When
        index(0).seal();

        // Then
        assertThat(file()).doesNotExist();
    }

    @Test
    void shouldFindWhatBeginsBeforeTheEndAndEndsBehindTheBeginning() throws IOException {
        // Given
        TransactionIndex index = filled();

        // When / Then
        assertThat(collect(index, 0, 100)).isEmpty();
        assertThat(collect(index, 0, 101)).containsExactly(FIRST);
        assertThat(collect(index, 120, 141)).containsExactly(FIRST, SECOND, THIRD);
        assertThat(collect(index, 121, 125)).containsExactly(SECOND);
        assertThat(collect(index, 131, 141)).containsExactly(THIRD);
        assertThat(collect(index, 141, 200)).isEmpty();
    }

    @Test
    void shouldSayWhetherLaterSegmentsMatter() throws IOException {
        // Given
        TransactionIndex index = filled();

        // When / Then
        assertThat(index.collect(100, 141, new ArrayList<>())).isTrue();
        assertThat(index.collect(100, 142, new ArrayList<>())).isFalse();
    }

    @Test
    void shouldFindTheSameInTheFileAndInMemory() throws IOException {
        // Given
        TransactionIndex index = index(0);
        int count = 5 * SparseIndex.MAX_PENDING / 2;
        for (int entry = 0; entry < count; entry++) {
            index.append(new AbortedTransaction(entry, 10L * entry, 10L * entry + 5, 10L * entry + 6));
        }

        // When
        List<AbortedTransaction> inMemory = collect(index, 5_000, 12_000);
        index.seal();
        List<AbortedTransaction> again = collect(index(count), 5_000, 12_000);

        // Then
        assertThat(inMemory).hasSize(700).isEqualTo(again);
        assertThat(index(count).isSound(0, 10L * count)).isTrue();
    }

    @Test
    void shouldForgetWhatIsCutOff() throws IOException {
        // Given
        TransactionIndex index = filled();

        // When
        index.truncateTo(index.countBelow(130));

        // Then
        assertThat(collect(index, 0, 1_000)).containsExactly(FIRST);
        assertThat(Files.size(file())).isEqualTo(TransactionIndex.ENTRY_BYTES);
    }

    @Test
    void shouldNotTrustEntriesThatCannotBe() throws IOException {
        // Given
        filled().seal();
        byte[] whole = Files.readAllBytes(file());

        // When / Then
        assertThat(isSound(whole, 100, 141)).isTrue();
        assertThat(isSound(whole, 100, 140)).as("behind the end").isFalse();
        assertThat(isSound(whole, 121, 141)).as("before the segment").isFalse();
        assertThat(isSound(Arrays.copyOfRange(whole, 34, 102), 100, 141)).isTrue();
        byte[] twice = whole.clone();
        System.arraycopy(whole, 0, twice, 34, 34);
        assertThat(isSound(twice, 100, 141)).as("not ascending").isFalse();
        byte[] version = whole.clone();
        version[1] = 1;
        assertThat(isSound(version, 100, 141)).as("another version").isFalse();
    }

    private boolean isSound(byte[] bytes, long baseOffset, long endOffset) throws IOException {
        Files.write(file(), bytes);
        return index(bytes.length / TransactionIndex.ENTRY_BYTES).isSound(baseOffset, endOffset);
    }

    private TransactionIndex filled() throws IOException {
        TransactionIndex index = index(0);
        index.append(FIRST);
        index.append(SECOND);
        index.append(THIRD);
        return index;
    }

    private static List<AbortedTransaction> collect(TransactionIndex index, long from, long upTo) throws IOException {
        List<AbortedTransaction> found = new ArrayList<>();
        index.collect(from, upTo, found);
        return found;
    }

    private TransactionIndex index(int entriesInFile) {
        return new TransactionIndex(Disk.system(), file(), entriesInFile);
    }

    private Path file() {
        return directory.resolve("00000000000000000100.txnindex");
    }
}
