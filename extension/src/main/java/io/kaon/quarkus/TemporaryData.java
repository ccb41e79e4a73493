// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus;

import io.kaon.broker.FolderDeletion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/**
 * A data directory that outlives a broker but not the session: dev mode restarts the broker when its settings change,
 * and what was in it stays. Owned by {@link BrokerHolder}.
 */
final class TemporaryData {
    private static final Logger LOG = Logger.getLogger(TemporaryData.class);

    private final Path path;

    private TemporaryData(Path path) {
        this.path = path;
    }

    static TemporaryData make() {
        try {
            return new TemporaryData(Files.createTempDirectory("kaon-"));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "a temporary data directory cannot be made (" + e.getMessage()
                            + "): set a directory in quarkus.kaon.broker.data-dir",
                    e);
        }
    }

    Path path() {
        return path;
    }

    /** Deletes the directory; blocks. No broker uses it any more. */
    void delete() {
        try {
            FolderDeletion.delete(path);
        } catch (IOException e) {
            LOG.warnf(e, "The temporary data directory %s stays behind", path);
        }
    }
}
