// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;

/**
 * What the broker asks of a file system: the seam at which tests lose, tear and refuse writes. Every call may
 * block, so it
 * runs on disk threads, except where a method that calls it says why not. Any thread.
 */
public interface Disk {
    /** Opens a file. The channel is the real one (sendfile needs it) or a test's. */
    FileChannel open(Path file, OpenOption... options) throws IOException;

    /** Renames inside one file system, replacing the target, in one step. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes a file or an empty folder; nothing happens when it is not there. */
    void delete(Path path) throws IOException;

    /** Creates the folder and its parents, where they are missing. */
    void createDirectories(Path directory) throws IOException;

    /** Makes creations, renames and deletions inside the folder durable. */
    void syncDirectory(Path directory) throws IOException;

    /** What the folder holds, in no order; empty when there is no such folder. */
    List<Path> list(Path directory) throws IOException;

    /** Bytes of a file; −1 when there is no such file. */
    long size(Path file) throws IOException;

    /** When the file was written last, in ms of the wall clock. */
    long lastModifiedMs(Path file) throws IOException;

    /** Bytes that the file system has, and those that are left for us. */
    Space space(Path path) throws IOException;

    /**
     * Room on a file system.
     *
     * @param totalBytes all there is
     * @param usableBytes what is left for us
     */
    record Space(long totalBytes, long usableBytes) {}

    /** The one path of a folder to which many may lead, through links; the folder is there. */
    default Path realPath(Path directory) throws IOException {
        return directory.toRealPath();
    }

    /** How many files this process may have open, connections included. */
    default int openFileLimit() {
        return Integer.MAX_VALUE;
    }

    /** The file system of this machine. */
    static Disk system() {
        return SystemDisk.INSTANCE;
    }
}
