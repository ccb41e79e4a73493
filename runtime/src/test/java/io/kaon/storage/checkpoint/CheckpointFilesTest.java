// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointFilesTest {
    private static final Disk DISK = Disk.system();
    private static final Uuid ID = new Uuid(1, 2);

    @TempDir
    private Path directory;

    private interface Reading {
        Optional<?> read() throws Exception;
    }

    @Test
    void shouldWriteOffsetsInKafkasFormatAndReadThemAgain() throws Exception {
        // Given
        OffsetCheckpoint checkpoint = new OffsetCheckpoint(DISK, directory.resolve("recovery-point-offset-checkpoint"));
        Map<TopicPartition, Long> offsets =
                Map.of(new TopicPartition("b", 0), 17L, new TopicPartition("a", 12), 4_000_000_000L);

        // When
        checkpoint.write(offsets);

        // Then
        assertThat(checkpoint.file()).hasContent("0\n2\na 12 4000000000\nb 0 17\n");
        assertThat(checkpoint.read()).contains(offsets);
        assertNoPrefixPasses(checkpoint.file(), checkpoint::read);
    }

    @Test
    void shouldWriteEpochsInKafkasFormatAndReadThemAgain() throws Exception {
        // Given
        LeaderEpochCheckpoint checkpoint = LeaderEpochCheckpoint.in(DISK, directory);
        LeaderEpochs epochs = LeaderEpochs.NONE.begin(0, 0).begin(3, 15).begin(4, 15);

        // When
        checkpoint.write(epochs);

        // Then
        assertThat(checkpoint.file()).hasContent("0\n3\n0 0\n3 15\n4 15\n");
        assertThat(checkpoint.read()).contains(epochs);
        assertNoPrefixPasses(checkpoint.file(), checkpoint::read);
    }

    @Test
    void shouldReadATopicIdOnlyWhole() throws Exception {
        // Given
        PartitionMetadataFile file = PartitionMetadataFile.in(DISK, directory);
        file.write(ID);
        byte[] whole = Files.readAllBytes(file.file());

        // When / Then
        assertThat(file.read()).contains(ID);
        for (int length = 0; length < whole.length - 1; length++) {
            Files.write(file.file(), Arrays.copyOf(whole, length));
            assertThatThrownBy(file::read).isInstanceOf(CorruptFileException.class);
        }
        // Some of Kafka's versions end the file without a newline.
        Files.write(file.file(), Arrays.copyOf(whole, whole.length - 1));
        assertThat(file.read()).contains(ID);
    }

    @Test
    void shouldReadMetaPropertiesOfKafkaToo() throws Exception {
        // Given
        Files.writeString(
                directory.resolve("meta.properties"),
                "#\n#Sat Jul 04 10:00:00 UTC 2026\nnode.id=3\ndirectory.id=" + ID + "\nversion=1\ncluster.id=abc\n");

        // When
        Optional<MetaProperties> found = MetaProperties.read(DISK, directory);

        // Then
        assertThat(found).contains(new MetaProperties("abc", 3, ID, 0));
    }

    @Test
    void shouldNotMistakeTornMetaPropertiesForAnything() throws Exception {
        // Given
        MetaProperties properties = new MetaProperties("cluster", 12, ID, 1);
        properties.write(DISK, directory);
        Path file = directory.resolve("meta.properties");
        byte[] whole = Files.readAllBytes(file);

        // When / Then
        assertThat(MetaProperties.read(DISK, directory)).contains(properties);
        for (int length = 0; length < whole.length - 1; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> MetaProperties.read(DISK, directory)).isInstanceOf(CorruptFileException.class);
        }
    }

    @Test
    void shouldTakeATornMarkerForNone() throws Exception {
        // Given
        CleanShutdownMarker marker = CleanShutdownMarker.in(DISK, directory);
        marker.write(123);
        byte[] whole = Files.readAllBytes(marker.file());

        // When / Then
        assertThat(marker.read()).hasValue(123);
        for (int length = 0; length < whole.length; length++) {
            Files.write(marker.file(), Arrays.copyOf(whole, length));
            assertThat(marker.read()).isEmpty();
        }
        marker.remove();
        assertThat(marker.read()).isEmpty();
    }

    @Test
    void shouldLockOncePerProcess() throws Exception {
        // Given
        DirectoryLock first = DirectoryLock.take(DISK, directory).orElseThrow();

        // When
        Optional<DirectoryLock> second = DirectoryLock.take(DISK, directory);
        first.close();
        Optional<DirectoryLock> third = DirectoryLock.take(DISK, directory);

        // Then
        assertThat(second).isEmpty();
        assertThat(third).isPresent();
        third.orElseThrow().close();
    }

    @Test
    void shouldCutEpochsAtBothEnds() {
        // Given
        LeaderEpochs epochs =
                LeaderEpochs.NONE.begin(1, 0).begin(2, 10).begin(5, 10).begin(7, 30);

        // When / Then
        assertThat(epochs.truncateEnd(30))
                .isEqualTo(LeaderEpochs.NONE.begin(1, 0).begin(2, 10).begin(5, 10));
        assertThat(epochs.truncateEnd(31)).isSameAs(epochs);
        assertThat(epochs.truncateStart(20))
                .isEqualTo(LeaderEpochs.NONE.begin(5, 20).begin(7, 30));
        assertThat(epochs.truncateStart(5))
                .isEqualTo(
                        LeaderEpochs.NONE.begin(1, 5).begin(2, 10).begin(5, 10).begin(7, 30));
        assertThat(epochs.begin(7, 40)).isSameAs(epochs);
        assertThat(epochs.epochAt(9)).isEqualTo(1);
        assertThat(epochs.epochAt(10)).isEqualTo(5);
    }

    private static void assertNoPrefixPasses(Path file, Reading reading) throws Exception {
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(reading::read).as("cut at %s", length).isInstanceOf(CorruptFileException.class);
        }
    }
}
