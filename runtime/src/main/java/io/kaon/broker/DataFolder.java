// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jboss.logging.Logger;

/** The folder in which a broker's data is while it runs. */
final class DataFolder {
    private static final Logger LOG = Logger.getLogger(DataFolder.class);

    private final Path path;
    private final boolean isTemporary;

    private DataFolder(Path path, boolean isTemporary) {
        this.path = path;
        this.isTemporary = isTemporary;
    }

    /** Makes a temporary folder; one that is kept is made by whoever opens it. */
    static DataFolder of(DataDirectory directory) throws IOException {
        return directory instanceof DataDirectory.Kept kept
                ? new DataFolder(kept.path().toAbsolutePath().normalize(), false)
                : new DataFolder(Files.createTempDirectory("kaon-"), true);
    }

    Path path() {
        return path;
    }

    /** Deletes what was only for this run. Blocks. */
    void release() {
        if (!isTemporary) {
            return;
        }
        try {
            Files.walkFileTree(path, new Deletion());
        } catch (IOException failure) {
            LOG.warnf(failure, "The temporary data directory %s stays behind", path);
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return FileVisitResult.CONTINUE; // A file that vanished meanwhile is what we want.
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
