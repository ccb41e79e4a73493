// SPDX-License-Identifier: Apache-2.0
package io.kaon.sim;

import java.nio.file.Path;

/**
 * One call to a {@link SimulatedDisk}.
 *
 * @param kind what is done
 * @param path to which file or folder; of a channel the name under which it was opened
 * @param bytes how many, of reads and writes; 0 otherwise
 */
public record DiskOperation(Kind kind, Path path, long bytes) {
    /** What a disk is asked to do. */
    public enum Kind {
        OPEN,
        READ,
        WRITE,
        TRUNCATE,
        FORCE,
        RENAME,
        DELETE,
        CREATE_FOLDER,
        SYNC_FOLDER,
        LIST;

        /** Whether it leaves the disk other than before. */
        public boolean changes() {
            return this != READ && this != LIST;
        }
    }

    /** Whether the file's name ends so. */
    public boolean isOf(String suffix) {
        return path.getFileName().toString().endsWith(suffix);
    }
}
