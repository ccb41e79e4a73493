// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.checkpoint;

import io.kaon.common.Uuid;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * A data directory's {@code meta.properties}: who it belongs to, in Kafka's keys, and our own format version
 * beside them.
 *
 * @param clusterId the cluster's id
 * @param nodeId this broker's id
 * @param directoryId the directory's own id
 * @param format version of what Kaon writes into the directory; 0 when Kafka made it
 */
public record MetaProperties(String clusterId, int nodeId, Uuid directoryId, int format) {
    /** The file's name in the data directory. */
    public static final String FILE_NAME = "meta.properties";
    /** The format that this version writes, and the newest it reads. */
    public static final int CURRENT_FORMAT = 1;

    private static final String VERSION = "1";

    /** Replaces the file. Blocks. */
    public void write(Disk disk, Path dataDirectory) throws IOException {
        String text = "cluster.id=" + clusterId + "\ndirectory.id=" + directoryId + "\nkaon.format=" + format
                + "\nnode.id=" + nodeId + "\nversion=" + VERSION + "\n";
        AtomicFile.write(disk, dataDirectory.resolve(FILE_NAME), text);
    }

    /** What the file says; empty when there is none. Throws {@link CorruptFileException} when it is damaged. Blocks. */
    public static Optional<MetaProperties> read(Disk disk, Path dataDirectory) throws IOException {
        Path file = dataDirectory.resolve(FILE_NAME);
        Optional<String> text = AtomicFile.readText(disk, file);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            Properties properties = new Properties();
            properties.load(new StringReader(text.get()));
            require(file, properties, "version", VERSION);
            return Optional.of(new MetaProperties(
                    value(file, properties, "cluster.id"),
                    Integer.parseInt(value(file, properties, "node.id")),
                    Uuid.parse(value(file, properties, "directory.id")),
                    Integer.parseInt(properties.getProperty("kaon.format", "0"))));
        } catch (IllegalArgumentException wrong) {
            throw new CorruptFileException(file, "has a value that cannot be read: " + wrong.getMessage());
        }
    }

    private static void require(Path file, Properties properties, String key, String expected) throws IOException {
        String found = value(file, properties, key);
        if (!found.equals(expected)) {
            throw new CorruptFileException(file, "has " + key + " " + found + ", only " + expected + " can be read");
        }
    }

    private static String value(Path file, Properties properties, String key) throws IOException {
        String value = properties.getProperty(key);
        if (value == null || value.isBlank()) {
            throw new CorruptFileException(file, "has no " + key);
        }
        return value;
    }
}
