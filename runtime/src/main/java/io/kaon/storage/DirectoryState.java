// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import io.kaon.storage.checkpoint.CleanShutdownMarker;
import io.kaon.storage.checkpoint.CorruptFileException;
import io.kaon.storage.checkpoint.DirectoryLock;
import io.kaon.storage.checkpoint.Disk;
import io.kaon.storage.checkpoint.OffsetCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import org.jboss.logging.Logger;

/**
 * What a data directory keeps about its partitions as a whole: the checkpoint files, and who has not been
 * recovered yet since an end
 * that was not clean. Reading is for any thread; writing runs one at a time, on disk threads.
 */
final class DirectoryState {
    static final String RECOVERY_POINTS = "recovery-point-offset-checkpoint";
    static final String LOG_START_OFFSETS = "log-start-offset-checkpoint";
    static final String HIGH_WATERMARKS = "replication-offset-checkpoint";
    /** Ours: partitions that a clean end found still unrecovered, because nobody had opened them since a crash. */
    static final String UNRECOVERED = "kaon-unrecovered-partitions";

    /** What the marker names when the files are sound as far as they can be, but a broker must not rely on all of them. */
    private static final long NO_EPOCH = -1;

    private static final Logger LOG = Logger.getLogger(DirectoryState.class);

    private final Disk disk;
    private final Path path;
    private final DirectoryLock lock;
    private final OptionalLong cleanShutdownEpoch;
    private final Map<TopicPartition, Checkpointed> known = new ConcurrentHashMap<>();
    private final Set<TopicPartition> recovered = ConcurrentHashMap.newKeySet();
    /** Closed in this life without being synced. */
    private final Set<TopicPartition> unsound = ConcurrentHashMap.newKeySet();

    private final CleanerCheckpoint compacted;
    private volatile boolean isDamaged;

    private Map<TopicPartition, Long> unrecoveredBefore = Map.of();
    private Map<TopicPartition, Long> lastHighWatermarks = Map.of();
    private boolean lostRecoveryPoints;
    /** Nobody knows whom the end found unrecovered: it may be anybody. */
    private boolean lostUnrecovered;
    /** Of whom the checkpoint files speak. Of the one that writes them. */
    private Set<TopicPartition> written = Set.of();

    DirectoryState(Disk disk, Path path, DirectoryLock lock, OptionalLong cleanShutdownEpoch) {
        this.disk = disk;
        this.path = path;
        this.lock = lock;
        this.cleanShutdownEpoch = cleanShutdownEpoch;
        this.compacted = new CleanerCheckpoint(disk, path);
    }

    /** Up to where logs are compacted. */
    CleanerCheckpoint compacted() {
        return compacted;
    }

    OptionalLong cleanShutdownEpoch() {
        return cleanShutdownEpoch;
    }

    /** Before anything else. Blocks. */
    void load() throws IOException {
        Optional<Map<TopicPartition, Long>> recoveryPoints = read(RECOVERY_POINTS);
        lostRecoveryPoints = recoveryPoints.isEmpty();
        compacted.load();
        recoveryPoints.orElse(Map.of()).forEach((name, offset) -> known.put(name, new Checkpointed(offset, 0, 0)));
        read(LOG_START_OFFSETS).orElse(Map.of()).forEach((name, offset) -> {
            Checkpointed old = checkpointOf(name);
            known.put(name, new Checkpointed(old.recoveryPoint(), offset, old.highWatermark()));
        });
        lastHighWatermarks = read(HIGH_WATERMARKS).orElse(Map.of());
        lastHighWatermarks.forEach((name, offset) -> {
            Checkpointed old = checkpointOf(name);
            known.put(name, new Checkpointed(old.recoveryPoint(), old.logStartOffset(), offset));
        });
        written = Set.copyOf(known.keySet());
        if (cleanShutdownEpoch.isPresent()) {
            Optional<Map<TopicPartition, Long>> unrecovered = read(UNRECOVERED);
            lostUnrecovered = unrecovered.isEmpty();
            unrecoveredBefore = unrecovered.orElse(Map.of());
        }
    }

    private Optional<Map<TopicPartition, Long>> read(String fileName) throws IOException {
        try {
            return checkpoint(fileName).read().or(() -> Optional.of(Map.of()));
        } catch (CorruptFileException damaged) {
            LOG.warnf("What it says is not used: %s", damaged.getMessage());
            return Optional.empty();
        }
    }

    private OffsetCheckpoint checkpoint(String fileName) {
        return new OffsetCheckpoint(disk, path.resolve(fileName));
    }

    Checkpointed checkpointOf(TopicPartition name) {
        return known.getOrDefault(name, lostRecoveryPoints ? Checkpointed.LOST : Checkpointed.NONE);
    }

    /** Whether the partition's files may hold what the life before did not finish. */
    boolean needsRecovery(TopicPartition name) {
        boolean isSuspect = cleanShutdownEpoch.isEmpty() || lostUnrecovered || unrecoveredBefore.containsKey(name);
        return unsound.contains(name) || (isSuspect && !recovered.contains(name));
    }

    /** Whether that may be so for any. */
    boolean mayNeedRecovery() {
        return cleanShutdownEpoch.isEmpty() || lostUnrecovered || !unrecoveredBefore.isEmpty() || !unsound.isEmpty();
    }

    /**
     * What was synced is not whole: somebody will put a partition right by hand. The next start begins new leader epochs
     * then, so that clients that have seen more than is left notice.
     */
    void damaged() {
        isDamaged = true;
    }

    void recovered(TopicPartition name) {
        recovered.add(name);
        unsound.remove(name);
    }

    /** The partition's folder is gone. */
    void forget(TopicPartition name) {
        known.remove(name);
        unsound.remove(name);
        compacted.forget(name);
    }

    /** The log is not open any more; its last word counts. */
    void remember(PartitionLog log) {
        known.put(log.name(), checkpointOf(log));
        if (!log.isSynced()) {
            unsound.add(log.name());
        }
    }

    private static Checkpointed checkpointOf(PartitionLog log) {
        LogView view = log.view();
        return new Checkpointed(log.recoveryPoint(), view.logStartOffset(), view.highWatermark());
    }

    /** Whether the files speak of a partition of this name. To be asked where the files are written. */
    boolean isWritten(TopicPartition name) {
        return written.contains(name) || lastHighWatermarks.containsKey(name) || compacted.isWritten(name);
    }

    void writeCheckpoints(Map<TopicPartition, PartitionLog> open) throws IOException {
        Map<TopicPartition, Checkpointed> all = merged(open);
        Set<TopicPartition> eitherWay = new HashSet<>(written);
        eitherWay.addAll(all.keySet());
        written = Set.copyOf(eitherWay);
        checkpoint(RECOVERY_POINTS).write(offsets(all, Checkpointed::recoveryPoint));
        checkpoint(LOG_START_OFFSETS).write(offsets(all, Checkpointed::logStartOffset));
        compacted.write();
        written = Set.copyOf(all.keySet());
    }

    void writeHighWatermarks(Map<TopicPartition, PartitionLog> open) throws IOException {
        Map<TopicPartition, Long> offsets = offsets(merged(open), Checkpointed::highWatermark);
        if (!offsets.equals(lastHighWatermarks)) {
            checkpoint(HIGH_WATERMARKS).write(offsets);
            lastHighWatermarks = offsets;
        }
    }

    private Map<TopicPartition, Checkpointed> merged(Map<TopicPartition, PartitionLog> open) {
        Map<TopicPartition, Checkpointed> all = new HashMap<>(known);
        open.forEach((name, log) -> all.put(name, checkpointOf(log)));
        return all;
    }

    private static Map<TopicPartition, Long> offsets(
            Map<TopicPartition, Checkpointed> all, ToLongFunction<Checkpointed> which) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        all.forEach((name, checkpointed) -> {
            if (which.applyAsLong(checkpointed) > 0) {
                offsets.put(name, which.applyAsLong(checkpointed));
            }
        });
        return offsets;
    }

    void unlock() throws IOException {
        lock.close();
    }

    /** Writes everything down, the marker last, and gives the directory back. */
    void end(long brokerEpoch, boolean isClean) throws IOException {
        try (lock) {
            writeCheckpoints(Map.of());
            writeHighWatermarks(Map.of());
            if (isClean && unsound.isEmpty()) {
                writeUnrecovered();
                CleanShutdownMarker.in(disk, path).write(isDamaged ? NO_EPOCH : brokerEpoch);
            }
        }
    }

    private void writeUnrecovered() throws IOException {
        Map<TopicPartition, Long> suspects = new HashMap<>();
        boolean isAnybody = cleanShutdownEpoch.isEmpty() || lostUnrecovered;
        for (Path folder : isAnybody ? disk.list(path) : Collections.<Path>emptyList()) {
            PartitionName.parse(folder.getFileName().toString()).ifPresent(name -> suspects.put(name, 0L));
        }
        suspects.putAll(unrecoveredBefore);
        suspects.keySet().removeIf(name -> !needsRecovery(name));
        if (suspects.isEmpty()) {
            disk.delete(path.resolve(UNRECOVERED));
        } else {
            checkpoint(UNRECOVERED).write(suspects);
        }
    }
}
