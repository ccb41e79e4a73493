// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A data directory's {@code .lock}: one process at a time. The operating system frees it when the process dies. */
public final class DirectoryLock implements AutoCloseable {
    /** The file's name in the data directory. */
    public static final String FILE_NAME = ".lock";

    /**
     * The files that this process has locked. It is static because the lock is the process's: on POSIX systems,
     * closing any
     * channel of a locked file drops the lock, so a second attempt must not even open the file.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;
    private final FileLock lock;

    private DirectoryLock(Path file, FileChannel channel, FileLock lock) {
        this.file = file;
        this.channel = channel;
        this.lock = lock;
    }

    /** Takes the lock; empty when somebody has it, in this process or another. Blocks shortly. */
    public static Optional<DirectoryLock> take(Disk disk, Path dataDirectory) throws IOException {
        Path file = disk.realPath(dataDirectory).resolve(FILE_NAME);
        if (!HELD.add(file)) {
            return Optional.empty();
        }
        Optional<DirectoryLock> taken = Optional.empty();
        try {
            taken = lock(file, disk.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        } finally {
            if (taken.isEmpty()) {
                HELD.remove(file);
            }
        }
        return taken;
    }

    private static Optional<DirectoryLock> lock(Path file, FileChannel channel) throws IOException {
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException ours) {
            // A broker of another class loader of this process holds it, which is the same answer.
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        return Optional.ofNullable(lock).map(held -> new DirectoryLock(file, channel, held));
    }

    /** Gives the directory back. Idempotent. */
    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            lock.release();
            channel.close();
            HELD.remove(file);
        }
    }
}
