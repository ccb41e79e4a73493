// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
            FolderDeletion.delete(path);
        } catch (IOException failure) {
            LOG.warnf(failure, "The temporary data directory %s stays behind", path);
        }
    }
}
