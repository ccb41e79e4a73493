// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What can be said of partitions that nobody has opened, from their files. Everything blocks. */
record ClosedPartitions(LogContext context, DirectoryState state, PartitionFolders folders, KnownLogs logs) {
    /** Those that have a folder. */
    List<TopicPartition> names() throws IOException {
        List<TopicPartition> names = folders.names();
        names.removeIf(logs::isOpen);
        return names;
    }

    /** Whether retention would take something away. Opens one small file at the first call, none later. */
    boolean isRetentionDue(TopicPartition name, RetentionOptions rules) throws IOException {
        if (logs.isOpen(name) || !rules.deletes()) {
            return false;
        }
        Optional<ClosedLog> known = logs.closedLog(name);
        ClosedLog log = known.isPresent() ? known.get() : read(name);
        return log.isDue(rules, context.clock().wallMs());
    }

    /**
     * What the checkpoints say of a partition, and what was found out about its files; empty when it is open, or when
     * its files have to be read before anybody knows where they end. Does not block.
     */
    Optional<ClosedReading> reading(TopicPartition name) {
        Checkpointed last = state.checkpointOf(name);
        if (logs.isOpen(name) || state.needsRecovery(name) || last.recoveryPoint() < last.logStartOffset()) {
            return Optional.empty();
        }
        Optional<ClosedLog> files = logs.closedLog(name);
        boolean isEmpty = last.recoveryPoint() == 0;
        return Optional.of(new ClosedReading(
                last.logStartOffset(),
                last.recoveryPoint(),
                isEmpty ? 0 : files.map(ClosedLog::sizeInBytes).orElse((long) ClosedReading.UNKNOWN),
                isEmpty ? 0 : files.map(ClosedLog::segments).orElse(ClosedReading.UNKNOWN)));
    }

    /** Finds out how large those are of which that is not known. */
    void measure() throws IOException {
        for (TopicPartition name : names()) {
            if (logs.closedLog(name).isEmpty()) {
                read(name);
            }
        }
    }

    private ClosedLog read(TopicPartition name) throws IOException {
        ClosedLog log = ClosedLog.read(context.disk(), folders.pathOf(name));
        logs.remember(name, log);
        if (logs.isOpen(name)) {
            // It was opened meanwhile: what was just read will not be true when it is closed again.
            logs.forget(name);
        }
        return log;
    }

    boolean isCompactionDue(TopicPartition name, LogOptions rules) throws IOException {
        return !logs.isOpen(name)
                && rules.retention().compacts()
                && ClosedDirt.read(
                                context.disk(),
                                folders.pathOf(name),
                                state.compacted().offsetOf(name))
                        .isDue(rules.compaction(), context.clock().wallMs());
    }

    /** Those that the life before may not have finished; the last written ones first. */
    List<TopicPartition> unrecovered() throws IOException {
        Map<TopicPartition, Long> times = new HashMap<>();
        if (state.mayNeedRecovery()) {
            for (TopicPartition name : names()) {
                if (state.needsRecovery(name)) {
                    times.put(name, folders.lastWriteMs(name));
                }
            }
        }
        List<TopicPartition> names = new ArrayList<>(times.keySet());
        names.sort(Comparator.comparing(times::get, Comparator.reverseOrder()));
        return names;
    }
}
