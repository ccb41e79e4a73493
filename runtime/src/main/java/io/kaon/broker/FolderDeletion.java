// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Deletes a folder with all that is in it, such as a temporary data directory that no broker uses any more. */
public final class FolderDeletion extends SimpleFileVisitor<Path> {
    private FolderDeletion() {}

    /**
     * Blocks. What vanishes meanwhile is no failure.
     *
     * @throws IOException when something cannot be deleted; the rest stays too
     */
    public static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new FolderDeletion());
    }

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
