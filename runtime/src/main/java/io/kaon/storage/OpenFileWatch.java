// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.storage.checkpoint.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A disk on which so many files may be opened until somebody looks which of them can be closed: partitions by the
 * thousand that are used once in a while must not use up what the process may open. Any thread.
 */
final class OpenFileWatch implements Disk {
    /** More are of no use, however many the system allows. */
    private static final int MOST_OPEN_FILES = 8_192;
    /** Of what the process may open: the rest is for connections, and for files that are opened and closed at once. */
    private static final int SHARE = 2;

    private final Disk disk;
    private final int bound;
    private final AtomicInteger left;
    private volatile Runnable look = () -> {};

    OpenFileWatch(Disk disk) {
        this.disk = disk;
        this.bound = Math.min(MOST_OPEN_FILES, Math.max(1, disk.openFileLimit() / SHARE));
        this.left = new AtomicInteger(bound);
    }

    /** How many files of logs are meant to be open at most. */
    int bound() {
        return bound;
    }

    /** @param task has files closed and calls {@link #onLook}; it must not block */
    void onMany(Runnable task) {
        look = task;
    }

    /** So many are open after the look. At least an eighth of the bound may be opened until the next one. */
    void onLook(int openFiles) {
        left.set(Math.max(bound / 8, bound - openFiles));
    }

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        if (left.getAndDecrement() == 0) {
            look.run();
        }
        try {
            return disk.open(file, options);
        } catch (NoSuchFileException missing) {
            throw missing;
        } catch (IOException failure) {
            // There may be too many open: who tries again should find room.
            look.run();
            throw failure;
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        disk.delete(path);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        disk.createDirectories(directory);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        disk.syncDirectory(directory);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public long size(Path file) throws IOException {
        return disk.size(file);
    }

    @Override
    public long lastModifiedMs(Path file) throws IOException {
        return disk.lastModifiedMs(file);
    }

    @Override
    public Space space(Path path) throws IOException {
        return disk.space(path);
    }

    @Override
    public Path realPath(Path directory) throws IOException {
        return disk.realPath(directory);
    }

    @Override
    public int openFileLimit() {
        return disk.openFileLimit();
    }
}
