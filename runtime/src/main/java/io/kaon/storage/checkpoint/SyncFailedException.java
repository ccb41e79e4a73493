// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A sync failed. Unlike after any other failure nobody knows what is on disk now, and a later sync that succeeds says
 * nothing about what this one had to write: the kernel may have dropped it.
 */
public final class SyncFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    private SyncFailedException(IOException cause) {
        super("a sync failed: " + cause.getMessage(), cause);
    }

    /** Syncs a file with all that is known about it. Blocks. */
    public static void sync(FileChannel channel) throws SyncFailedException {
        force(channel, true);
    }

    /** Syncs a file's bytes and as much of the rest as it takes to read them again. Blocks. */
    public static void syncBytes(FileChannel channel) throws SyncFailedException {
        force(channel, false);
    }

    private static void force(FileChannel channel, boolean metaData) throws SyncFailedException {
        try {
            channel.force(metaData);
        } catch (IOException failure) {
            throw new SyncFailedException(failure);
        }
    }

    /** Syncs the names in a folder. Blocks. */
    public static void syncFolder(Disk disk, Path directory) throws SyncFailedException {
        try {
            disk.syncDirectory(directory);
        } catch (IOException failure) {
            throw new SyncFailedException(failure);
        }
    }
}
