// SPDX-License-Identifier: Apache-2.0
package io.kaon.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SimulatedDiskTest {
    private static final int CRASHES = 300;
    private static final int SECTOR = SimulatedFile.SECTOR_BYTES;
    private static final Path FOLDER = Path.of("/somewhere/data");
    private static final Path FILE = FOLDER.resolve("a");
    private static final Path OTHER = FOLDER.resolve("b");

    private SimulatedDisk disk;

    @BeforeEach
    void prepare() throws IOException {
        disk = freshDisk();
    }

    private static SimulatedDisk freshDisk() throws IOException {
        return new SimulatedDisk(new VirtualTime(5_000)).withFolder(FOLDER);
    }

    private FileChannel open(Path path) throws IOException {
        return disk.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static ByteBuffer bytes(int count, int value) {
        byte[] all = new byte[count];
        Arrays.fill(all, (byte) value);
        return ByteBuffer.wrap(all);
    }

    private byte[] content(Path path) throws IOException {
        try (FileChannel channel = disk.open(path, StandardOpenOption.READ)) {
            ByteBuffer all = ByteBuffer.allocate((int) channel.size());
            while (all.hasRemaining() && channel.read(all) >= 0) {
                // Until it is full.
            }
            return all.array();
        }
    }

    @Test
    void shouldReadWhatWasWrittenAndTruncated() throws IOException {
        // Given
        FileChannel channel = open(FILE);

        // When
        channel.write(bytes(700, 1));
        channel.write(bytes(10, 2), 1_000);
        channel.truncate(1_005);
        channel.write(bytes(1, 3), 1_006);

        // Then
        byte[] found = content(FILE);
        assertThat(found).hasSize(1_007);
        assertThat(found[699]).isEqualTo((byte) 1);
        assertThat(found[700]).isZero();
        assertThat(found[1_004]).isEqualTo((byte) 2);
        assertThat(found[1_005]).isZero();
        assertThat(found[1_006]).isEqualTo((byte) 3);
        assertThat(disk.lastModifiedMs(FILE)).isEqualTo(5_000);
        assertThat(channel.position()).isEqualTo(700);
    }

    @Test
    void shouldKeepEverythingWhenOnlyTheProcessDies() throws IOException {
        // Given
        FileChannel channel = open(FILE);
        channel.write(bytes(700, 1));

        // When
        disk.killProcess();

        // Then
        assertThat(content(FILE)).hasSize(700);
        assertThatThrownBy(() -> channel.write(bytes(1, 1))).isInstanceOf(ClosedChannelException.class);
        assertThat(disk.openChannels()).isZero();
    }

    @Test
    void shouldNeverLoseWhatWasSynced() throws IOException {
        for (int seed = 0; seed < CRASHES; seed++) {
            // Given
            disk = freshDisk();
            FileChannel channel = open(FILE);
            channel.write(bytes(3 * SECTOR + 100, 1));
            channel.force(true);
            disk.syncDirectory(FOLDER);
            channel.write(bytes(2 * SECTOR, 2));

            // When
            disk.losePower(new Random(seed));

            // Then
            byte[] found = content(FILE);
            assertThat(found).hasSizeGreaterThanOrEqualTo(3 * SECTOR + 100);
            assertThat(Arrays.copyOf(found, 3 * SECTOR + 100)).containsOnly(1);
        }
    }

    @Test
    void shouldTearWhatWasNotSyncedInSectors() throws IOException {
        // Given
        Set<Integer> sizes = new TreeSet<>();
        Set<String> patterns = new TreeSet<>();

        // When
        for (int seed = 0; seed < CRASHES; seed++) {
            disk = freshDisk();
            FileChannel channel = open(FILE);
            channel.force(true);
            disk.syncDirectory(FOLDER);
            channel.write(bytes(SECTOR, 1));
            channel.write(bytes(2 * SECTOR, 1));
            disk.losePower(new Random(seed));
            byte[] found = content(FILE);
            sizes.add(found.length);
            patterns.add(patternOf(found));
        }

        // Then each size that it ever had comes up, and holes, and nothing but whole sectors
        assertThat(sizes).containsExactly(0, SECTOR, 3 * SECTOR);
        assertThat(patterns).contains("", "1", "0", "111", "000", "110", "011", "101");
    }

    private static String patternOf(byte[] found) {
        StringBuilder pattern = new StringBuilder();
        for (int from = 0; from < found.length; from += SECTOR) {
            byte[] sector = Arrays.copyOfRange(found, from, from + SECTOR);
            assertThat(sector).containsOnly(sector[0]);
            pattern.append(sector[0]);
        }
        return pattern.toString();
    }

    @Test
    void shouldBringBackOldBytesAndLooksInBetween() throws IOException {
        // Given
        Set<Byte> looks = new TreeSet<>();

        // When
        for (int seed = 0; seed < CRASHES; seed++) {
            disk = freshDisk();
            FileChannel channel = open(FILE);
            channel.write(bytes(SECTOR, 1));
            channel.force(true);
            disk.syncDirectory(FOLDER);
            channel.write(bytes(SECTOR, 2), 0);
            channel.write(bytes(SECTOR, 3), 0);
            disk.losePower(new Random(seed));
            looks.add(content(FILE)[0]);
        }

        // Then
        assertThat(looks).containsExactly((byte) 1, (byte) 2, (byte) 3);
    }

    @Test
    void shouldNotMakeANameDurableByTheFilesOwnSync() throws IOException {
        // Given
        Set<Boolean> isThere = new TreeSet<>();

        // When
        for (int seed = 0; seed < CRASHES; seed++) {
            disk = freshDisk();
            FileChannel channel = open(FILE);
            channel.write(bytes(10, 1));
            channel.force(true);
            disk.losePower(new Random(seed));
            isThere.add(disk.size(FILE) >= 0);

            // Then if it is there, so is what was synced
            assertThat(disk.size(FILE)).isIn(-1L, 10L);
        }
        assertThat(isThere).hasSize(2);
    }

    @Test
    void shouldRenameInOneStepOrNotAtAll() throws IOException {
        // Given
        Set<String> outcomes = new TreeSet<>();

        // When
        for (int seed = 0; seed < CRASHES; seed++) {
            disk = freshDisk();
            for (Path path : List.of(FILE, OTHER)) {
                FileChannel channel = open(path);
                channel.write(bytes(path.equals(FILE) ? 1 : 2, 1));
                channel.force(true);
            }
            disk.syncDirectory(FOLDER);
            disk.rename(FILE, OTHER);
            disk.losePower(new Random(seed));
            outcomes.add(disk.size(FILE) + " " + disk.size(OTHER));
        }

        // Then
        assertThat(outcomes).containsExactly("-1 1", "1 2");
    }

    @Test
    void shouldDropDeletionsEachForItself() throws IOException {
        // Given
        Set<String> outcomes = new TreeSet<>();

        // When
        for (int seed = 0; seed < CRASHES; seed++) {
            disk = freshDisk();
            open(FILE).force(true);
            open(OTHER).force(true);
            disk.syncDirectory(FOLDER);
            disk.delete(FILE);
            disk.delete(OTHER);
            disk.losePower(new Random(seed));
            outcomes.add(disk.size(FILE) + " " + disk.size(OTHER));
        }

        // Then
        assertThat(outcomes).containsExactly("-1 -1", "-1 0", "0 -1", "0 0");
    }

    @Test
    void shouldForgetAFolderWhoseParentWasNotSynced() throws IOException {
        // Given
        Set<Boolean> isThere = new TreeSet<>();

        // When
        for (int seed = 0; seed < CRASHES; seed++) {
            disk = freshDisk();
            Path inner = FOLDER.resolve("inner");
            disk.createDirectories(inner);
            open(inner.resolve("x")).force(true);
            disk.syncDirectory(inner);
            disk.losePower(new Random(seed));
            isThere.add(!disk.list(inner).isEmpty());
        }

        // Then
        assertThat(isThere).hasSize(2);
    }

    @Test
    void shouldGoOffInTheMidstOfAnyChange() throws IOException {
        // Given
        FileChannel channel = open(FILE);
        disk.powerOffAfter(1, new Random(1));

        // When
        channel.write(bytes(1, 1));
        assertThatThrownBy(() -> channel.write(bytes(1, 1))).isInstanceOf(PowerLossException.class);

        // Then nothing goes until it is back
        assertThat(disk.isOff()).isTrue();
        assertThatThrownBy(() -> channel.force(true)).isInstanceOf(PowerLossException.class);
        assertThatThrownBy(() -> disk.list(FOLDER)).isInstanceOf(PowerLossException.class);
        disk.losePower(new Random(1));
        assertThat(disk.isOff()).isFalse();
        assertThat(disk.list(FOLDER)).hasSizeBetween(0, 1);
    }

    @Test
    void shouldWriteWhatFitsAndRefuseTheRest() throws IOException {
        // Given
        disk.limitTo(100);
        FileChannel channel = open(FILE);

        // When
        int written = channel.write(bytes(150, 1));

        // Then
        assertThat(written).isEqualTo(100);
        assertThatThrownBy(() -> channel.write(bytes(1, 1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No space left");
        channel.write(bytes(50, 2), 0);
        assertThat(disk.space(FOLDER).usableBytes()).isZero();
        channel.truncate(60);
        assertThat(disk.space(FOLDER).usableBytes()).isEqualTo(40);
    }

    @Test
    void shouldRefuseWhatATestWantsRefused() throws IOException {
        // Given
        List<DiskOperation.Kind> seen = new ArrayList<>();
        disk.with(operation -> {
            seen.add(operation.kind());
            if (operation.kind() == DiskOperation.Kind.FORCE) {
                throw new IOException("this disk refuses to sync");
            }
        });

        // When
        FileChannel channel = open(FILE);
        channel.write(bytes(1, 1));

        // Then
        assertThatThrownBy(() -> channel.force(true)).hasMessageContaining("refuses");
        assertThat(seen).containsExactly(DiskOperation.Kind.OPEN, DiskOperation.Kind.WRITE, DiskOperation.Kind.FORCE);
    }

    @Test
    void shouldFindOnlyWhatIsThere() {
        assertThatThrownBy(() -> disk.open(FILE, StandardOpenOption.READ)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk.rename(FILE, OTHER)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk.syncDirectory(FILE)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void shouldGiveTheSameDiskForTheSameSeed() throws IOException {
        // Given
        List<byte[]> found = new ArrayList<>();

        // When
        for (int run : IntStream.range(0, 2).toArray()) {
            disk = freshDisk();
            FileChannel channel = open(FILE);
            disk.syncDirectory(FOLDER);
            for (int write = 0; write < 50; write++) {
                channel.write(bytes(300, write));
            }
            disk.losePower(new Random(77));
            found.add(content(FILE));
            assertThat(found).hasSize(run + 1);
        }

        // Then
        assertThat(found.get(0)).isEqualTo(found.get(1));
    }
}
