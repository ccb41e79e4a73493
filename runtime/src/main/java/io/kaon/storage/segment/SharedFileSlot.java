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
    private volatile boolean gone;

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

    /** The file has another name now; the open one stays the same. */
    void renamed(Path to) {
        path = to;
    }

    /** The file, retained for the caller; opened if need be, which blocks. Empty when the file has been given up. */
    Optional<SharedFile> retain() throws IOException {
        while (!gone) {
            SharedFile file = open.get();
            if (file != null && file.retain()) {
                return Optional.of(file);
            }
            if (file == null) {
                try {
                    openWith(StandardOpenOption.READ, StandardOpenOption.WRITE);
                } catch (NoSuchFileException missing) {
                    if (!gone) {
                        throw missing;
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Opens the file, with options of one's own, unless it is open. Blocks. */
    void openWithIfClosed(OpenOption... options) throws IOException {
        if (open.get() == null && !gone) {
            openWith(options);
        }
    }

    private void openWith(OpenOption... options) throws IOException {
        Path from = path;
        SharedFile opened = SharedFile.of(from, disk.open(from, options));
        if (!open.compareAndSet(null, opened)) {
            opened.release();
        } else if (gone) {
            close();
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
