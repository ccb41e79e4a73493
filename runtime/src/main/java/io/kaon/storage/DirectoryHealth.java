// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** Whether a data directory may end clean: not after an I/O failure, whatever succeeds later. Any thread. */
final class DirectoryHealth {
    private static final Logger LOG = Logger.getLogger(LogDirectory.class);

    private final Path path;
    private final AtomicBoolean hasFailed = new AtomicBoolean();

    DirectoryHealth(Path path) {
        this.path = path;
    }

    boolean isHealthy() {
        return !hasFailed.get();
    }

    /** A file of the directory itself could not be written. */
    void onFailure(IOException failure) {
        if (hasFailed.compareAndSet(false, true)) {
            LOG.errorf(failure, "The data directory %s fails; its end will not count as clean", path);
        }
    }

    /** A file of a partition could not be used. */
    void onFailure(TopicPartition name, IOException failure) {
        if (hasFailed.compareAndSet(false, true)) {
            LOG.errorf(failure, "%s in %s failed; the directory's end will not count as clean", name, path);
        }
    }
}
