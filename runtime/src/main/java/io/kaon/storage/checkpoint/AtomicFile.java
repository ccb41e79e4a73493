// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A small file that is replaced as a whole: written beside, synced, renamed over, the folder synced. After a crash
 * it has
 * the old content or the new one. Two writers of one file must be in an order of their own. Blocks: disk threads only.
 */
public final class AtomicFile {
    /** What the file is called while it is written; a leftover is written over. */
    public static final String TEMPORARY_SUFFIX = ".tmp";
    /** No file that is read as a whole is larger; a larger one is damaged. */
    public static final int MAX_BYTES = 256 << 20;

    private AtomicFile() {}

    /** Replaces the file; when this returns, the content survives a loss of power. */
    public static void write(Disk disk, Path file, ByteBuffer content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + TEMPORARY_SUFFIX);
        try (FileChannel channel = disk.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
        disk.rename(temporary, file);
        disk.syncDirectory(file.toAbsolutePath().getParent());
    }

    /** Replaces the file by a text in UTF-8. */
    public static void write(Disk disk, Path file, String content) throws IOException {
        write(disk, file, ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
    }

    /** All bytes of a file; empty when there is no such file. */
    public static Optional<ByteBuffer> read(Disk disk, Path file) throws IOException {
        try (FileChannel channel = disk.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size > MAX_BYTES) {
                throw new CorruptFileException(file, "has " + size + " bytes, more than " + MAX_BYTES);
            }
            ByteBuffer content = ByteBuffer.allocate((int) size);
            while (content.hasRemaining() && channel.read(content) >= 0) {
                // A read may return less than was asked for.
            }
            return Optional.of(content.flip());
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        }
    }

    /** All text of a file in UTF-8; empty when there is no such file. */
    public static Optional<String> readText(Disk disk, Path file) throws IOException {
        return read(disk, file)
                .map(content -> StandardCharsets.UTF_8.decode(content).toString());
    }
}
