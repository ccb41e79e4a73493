// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

import io.kaon.record.SharedFile;
import io.kaon.storage.checkpoint.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A file that is opened when it is first needed and can be closed while nobody uses it. The slot is one holder of the
 * open file; whoever gets it from here becomes another one and releases it. Any thread.
 */
final class SharedFileSlot {
    private final Disk disk;
    private final AtomicReference<SharedFile> open = new AtomicReference<>();
    private volatile Path path;
    /** While the file is renamed: what it will be called. Null otherwise. */
    private volatile Path nextPath;

    private volatile boolean gone;
    /** How often {@link #closeIfIdle} has come since the last use. A count that is lost to a race only delays. */
    private volatile int idleTurns;

    SharedFileSlot(Disk disk, Path path) {
        this.disk = disk;
        this.path = path;
    }

    /** A slot whose file is open; the slot takes over the caller's hold on it. */
    SharedFileSlot(Disk disk, Path path, SharedFile opened) {
        this(disk, path);
        open.set(opened);
    }

    Path path() {
        return path;
    }

    /** As the file system says; −1 when there is no such file. Blocks shortly. */
    long sizeInBytes() throws IOException {
        return disk.size(path);
    }

    /** Whether the file is open. */
    boolean isOpen() {
        return open.get() != null;
    }

    /** Renames the file. Who opens it meanwhile finds it under the one name or the other. Blocks. */
    void rename(Path to) throws IOException {
        nextPath = to;
        try {
            disk.rename(path, to);
            path = to;
        } finally {
            nextPath = null;
        }
    }

    /** The file, retained for the caller; opened if need be, which blocks. Empty when the file has been given up. */
    Optional<SharedFile> retain() throws IOException {
        while (!gone) {
            SharedFile file = open.get();
            if (file != null && file.retain()) {
                if (!gone) {
                    touch();
                    return Optional.of(file);
                }
                // Its name may be another's file by now.
                file.release();
            } else if (file == null) {
                openByItsName();
            }
        }
        return Optional.empty();
    }

    private void touch() {
        if (idleTurns != 0) {
            idleTurns = 0;
        }
    }

    /**
     * Lets go of the file if nobody has asked for it during the last turns; who has it keeps it, who asks later opens it
     * again. To be called at regular intervals, by one thread at a time.
     *
     * @return whether the file is open now
     */
    boolean closeIfIdle(int turns) {
        if (open.get() == null) {
            return false;
        }
        int idle = idleTurns;
        if (idle >= turns) {
            close();
            return false;
        }
        idleTurns = idle + 1;
        return true;
    }

    private void openByItsName() throws IOException {
        Path from = path;
        try {
            openWith(from, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (NoSuchFileException missing) {
            Path next = nextPath;
            if (next != null) {
                openRenamed(next);
            } else if (!gone && from.equals(path)) {
                throw missing;
            }
        }
    }

    private void openRenamed(Path next) throws IOException {
        try {
            openWith(next, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (NoSuchFileException stillNot) {
            // Not renamed yet, or renamed once more: whoever asked looks again, by the name that counts then.
        }
    }

    /** Opens the file, with options of one's own, unless it is open. Blocks. */
    void openWithIfClosed(OpenOption... options) throws IOException {
        if (open.get() == null && !gone) {
            openWith(path, options);
        }
    }

    private void openWith(Path from, OpenOption... options) throws IOException {
        SharedFile opened = SharedFile.of(from, disk.open(from, options));
        if (!open.compareAndSet(null, opened)) {
            opened.release();
        } else {
            touch();
            if (gone) {
                close();
            }
        }
    }

    /** Lets go of the open file; the next {@link #retain} opens it again. */
    void close() {
        SharedFile file = open.getAndSet(null);
        if (file != null) {
            file.release();
        }
    }

    /** The file is deleted: who has it may go on, nobody gets it any more. */
    void giveUp() {
        gone = true;
        close();
    }
}
