// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import io.kaon.storage.checkpoint.CorruptFileException;
import io.kaon.storage.checkpoint.Disk;
import io.kaon.storage.checkpoint.OffsetCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Up to where each log of a directory has been compacted, in Kafka's {@code cleaner-offset-checkpoint}. What it says may
 * be too low, never too high: a log that was cut or deleted is forgotten before it can grow again. Any thread may ask and
 * change; one at a time writes, and that blocks.
 */
final class CleanerCheckpoint {
    static final String FILE_NAME = "cleaner-offset-checkpoint";

    private static final Logger LOG = Logger.getLogger(CleanerCheckpoint.class);

    private final OffsetCheckpoint file;
    private final Map<TopicPartition, Long> offsets = new ConcurrentHashMap<>();
    private volatile Map<TopicPartition, Long> written = Map.of();

    CleanerCheckpoint(Disk disk, Path directory) {
        this.file = new OffsetCheckpoint(disk, directory.resolve(FILE_NAME));
    }

    /** Before anything else. What cannot be read is as good as nothing: then everything counts as dirty. Blocks. */
    void load() throws IOException {
        try {
            Optional<Map<TopicPartition, Long>> read = file.read();
            read.ifPresent(offsets::putAll);
            written = Map.copyOf(offsets);
        } catch (CorruptFileException damaged) {
            LOG.warnf("All logs count as not compacted, because %s", damaged.getMessage());
        }
    }

    /** −1 when it is not known. */
    long offsetOf(TopicPartition name) {
        return offsets.getOrDefault(name, -1L);
    }

    void advance(TopicPartition name, long offset) {
        offsets.put(name, offset);
    }

    /** The log ends there now; answers whether it ended later before, so that the file has to be written. */
    boolean truncate(TopicPartition name, long offset) {
        boolean isCut = offsetOf(name) > offset;
        if (isCut) {
            offsets.computeIfPresent(name, (ignored, known) -> Math.min(known, offset));
        }
        return isCut;
    }

    /** The log is gone. */
    void forget(TopicPartition name) {
        offsets.remove(name);
    }

    /** Whether the file speaks of a partition of this name. */
    boolean isWritten(TopicPartition name) {
        return written.containsKey(name);
    }

    /** Makes durable what has changed. Blocks. */
    void write() throws IOException {
        Map<TopicPartition, Long> now = Map.copyOf(offsets);
        if (!now.equals(written)) {
            file.write(now);
            written = now;
        }
    }
}
