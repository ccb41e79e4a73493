// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker.seed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that lies in the data directory while a topic is seeded: whoever finds it there later knows that the seeding was
 * cut short. Used by one thread that may block.
 */
public final class SeedMark {
    private static final String PREFIX = "seeding-";

    private final Path path;

    private SeedMark(Path path) {
        this.path = path;
    }

    /** The mark of a topic; names of topics are safe as names of files. */
    public static SeedMark of(Path dataDirectory, String topic) {
        return new SeedMark(dataDirectory.resolve(PREFIX + topic));
    }

    boolean isThere() {
        return Files.exists(path);
    }

    /** @throws RecordsFileException when the data directory does not take it */
    void set() {
        try {
            Files.write(path, new byte[0]);
        } catch (IOException e) {
            throw new RecordsFileException("The topic cannot be seeded: " + path + " cannot be written", e);
        }
    }

    /** @throws RecordsFileException when it cannot be deleted: the next start would seed the topic anew */
    void remove() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new RecordsFileException("The topic was seeded, but " + path + " cannot be deleted", e);
        }
    }
}
