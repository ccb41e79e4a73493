// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.checkpoint;

import io.kaon.common.Uuid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A partition's {@code partition.metadata}: which topic the folder belongs to, so that a topic that was deleted
 * and made
 * again never finds the old records (C18). Blocks.
 *
 * <pre>
 * version: 0
 * topic_id: dAt1SNCoR7C_y2YkyPTwrA
 * </pre>
 *
 * @param disk where
 * @param file which
 */
public record PartitionMetadataFile(Disk disk, Path file) {
    /** The file's name in the partition's folder. */
    public static final String FILE_NAME = "partition.metadata";

    private static final String VERSION_LINE = "version: 0";
    private static final String TOPIC_ID = "topic_id: ";

    /** The file of the partition in this folder. */
    public static PartitionMetadataFile in(Disk disk, Path partitionDirectory) {
        return new PartitionMetadataFile(disk, partitionDirectory.resolve(FILE_NAME));
    }

    /** What the file says about this topic. */
    public static String contentFor(Uuid topicId) {
        return VERSION_LINE + "\n" + TOPIC_ID + topicId + "\n";
    }

    /** Replaces the file. */
    public void write(Uuid topicId) throws IOException {
        AtomicFile.write(disk, file, contentFor(topicId));
    }

    /** The topic's id; empty when there is no such file. Throws {@link CorruptFileException} when it is damaged. */
    public Optional<Uuid> read() throws IOException {
        Optional<String> text = AtomicFile.readText(disk, file);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        // Kafka ends the last line or not, depending on its version; the id's length says whether it is whole.
        String[] lines = text.get().split("\n");
        if (lines.length == 2 && lines[0].equals(VERSION_LINE) && lines[1].startsWith(TOPIC_ID)) {
            try {
                return Optional.of(Uuid.parse(lines[1].substring(TOPIC_ID.length())));
            } catch (IllegalArgumentException wrong) {
                throw new CorruptFileException(file, "names no topic id: " + wrong.getMessage());
            }
        }
        throw new CorruptFileException(file, "is no partition metadata of version 0");
    }
}
