// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.record.BatchHeader;
import io.kaon.storage.checkpoint.AtomicFile;
import io.kaon.storage.checkpoint.CorruptFileException;
import io.kaon.storage.checkpoint.Disk;
import io.kaon.storage.checkpoint.LeaderEpochCheckpoint;
import io.kaon.storage.checkpoint.LeaderEpochs;
import io.kaon.storage.segment.ScanEnd;
import io.kaon.storage.segment.ScanRules;
import io.kaon.storage.segment.Segment;
import io.kaon.storage.segment.SegmentFiles;
import io.kaon.storage.segment.SegmentLoader;
import io.kaon.storage.segment.SegmentScan;
import io.kaon.storage.segment.SegmentSwap;
import io.kaon.storage.segment.SpareFile;
import io.kaon.telemetry.MetricCatalogue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.jboss.logging.Logger;

/**
 * Opens a partition's folder. After a clean end that is a look at the file names and at the tail of the last
 * segment. After any other
 * end, everything past the recovery point is read and checked, and the log ends before the first batch that is not
 * sound: what lies
 * behind cannot be trusted, also in later segments. Blocks; one thread, used once.
 */
final class LogLoader {
    private static final Logger LOG = Logger.getLogger(LogLoader.class);

    private static final List<String> INDEXES =
            List.of(SegmentFiles.OFFSET_INDEX, SegmentFiles.TIME_INDEX, SegmentFiles.TRANSACTION_INDEX);

    private final LogContext context;
    private final PartitionFolder folder;
    private final SegmentLoader loader;
    private final LogOptions options;
    private final Checkpointed checkpointed;
    private final boolean isClean;
    private final List<Segment> segments = new ArrayList<>();
    private LeaderEpochs scannedEpochs = LeaderEpochs.NONE;
    private long scannedBytes;
    private long logEndOffset;
    /** Whether what was found is on disk now. */
    private boolean isSynced = true;

    LogLoader(
            LogContext context,
            PartitionFolder folder,
            LogOptions options,
            Checkpointed checkpointed,
            boolean isClean) {
        this.context = context;
        this.folder = folder;
        this.loader = folder.segments();
        this.options = options;
        this.checkpointed = checkpointed;
        this.isClean = isClean;
    }

    /** Opens what the life before has left. */
    LoadedLog load() throws IOException {
        boolean isLoaded = false;
        try {
            new SegmentSwap(folder.files()).recover();
            removeLeftovers();
            SpareFile.adopt(folder.files());
            LoadedLog loaded = loadAgain();
            if (!isClean && isSynced) {
                // The recovery point is the log's end now. A process that was killed may have left names behind, also
                // the folder's own, that only it knew of; and what was deleted here must not come back.
                folder.sync();
            }
            if (!isClean) {
                context.metrics().counter(MetricCatalogue.RECOVERY_BYTES).add(scannedBytes);
            }
            isLoaded = true;
            return loaded;
        } finally {
            if (!isLoaded) {
                // Somebody may try again and again: that must not use up the file handles.
                segments.forEach(SegmentLoader::close);
            }
        }
    }

    /** Opens a log again whose files this life has changed. */
    LoadedLog loadAgain() throws IOException {
        List<Long> bases = new ArrayList<>(folder.files().find(SegmentFiles.LOG));
        long logStart = Math.max(checkpointed.logStartOffset(), bases.isEmpty() ? 0 : bases.get(0));
        logEndOffset = logStart;
        openSegments(bases);
        dropBelow(logStart);
        if (logEndOffset < logStart) {
            // Records were deleted up to an offset whose own record a crash has lost: the log goes on from there.
            drop(segments);
            logEndOffset = logStart;
        }
        LeaderEpochs epochs = loadEpochs(logStart);
        ProducerLoader producers = new ProducerLoader(context, folder, options);
        LogView.Offsets offsets = new LogView.Offsets(
                logStart, Math.max(logStart, Math.min(checkpointed.highWatermark(), logEndOffset)), logEndOffset);
        return new LoadedLog(
                true, segments, producers.load(segments, offsets), epochs, offsets, recoveryPoint(), isSynced);
    }

    /** Where nothing was synced here, the next life has to look again at what this one has found. */
    private long recoveryPoint() {
        return isSynced ? logEndOffset : Math.min(checkpointed.recoveryPoint(), logEndOffset);
    }

    private void removeLeftovers() throws IOException {
        Disk disk = context.disk();
        SortedSet<Long> bases = folder.files().find(SegmentFiles.LOG);
        for (String suffix : INDEXES) {
            for (long orphan : folder.files().find(suffix)) {
                if (!bases.contains(orphan)) {
                    disk.delete(folder.files().path(orphan, suffix));
                }
            }
        }
        for (Path file : disk.list(folder.path())) {
            String fileName = file.getFileName().toString();
            if (fileName.endsWith(SegmentFiles.DELETED) || fileName.endsWith(AtomicFile.TEMPORARY_SUFFIX)) {
                disk.delete(file);
            }
        }
    }

    private void openSegments(List<Long> bases) throws IOException {
        long soundBelow = isClean ? Long.MAX_VALUE : checkpointed.recoveryPoint();
        for (int index = 0; index < bases.size(); index++) {
            boolean isLast = index == bases.size() - 1;
            boolean isSound = isClean || (!isLast && bases.get(index + 1) <= soundBelow);
            // At the recovery point itself the records are on disk; the segment's largest timestamp, which gets into
            // its
            // index when the next one begins, may not be.
            boolean isSealed = isSound && !isLast && bases.get(index + 1) != soundBelow;
            Optional<Segment> sealed = isSealed ? loader.openSealed(bases.get(index)) : Optional.empty();
            if (sealed.isPresent()) {
                segments.add(sealed.get());
                logEndOffset = bases.get(index + 1);
            } else if (!examine(bases.subList(index, bases.size()), soundBelow, isSound)) {
                return;
            }
        }
    }

    /**
     * Reads the first of these segments from where it is not known to be sound. False when it ends before its file does,
     * which takes the segments behind it away: before it is cut, so that a crash in between finds the flaw again.
     */
    private boolean examine(List<Long> bases, long soundBelow, boolean isSound) throws IOException {
        long baseOffset = bases.get(0);
        // Nothing past the recovery point in the checkpoint was ever compacted.
        boolean mayHaveGaps = isSound || checkpointed.recoveryPoint() < 0;
        long gaplessFrom = mayHaveGaps ? Long.MAX_VALUE : checkpointed.recoveryPoint();
        boolean isOverlap = baseOffset < logEndOffset;
        boolean isGap = baseOffset > logEndOffset && logEndOffset >= gaplessFrom;
        if (!segments.isEmpty() && (isOverlap || isGap)) {
            refuseDamage(isSound, baseOffset, "does not follow the end of the one before, " + logEndOffset);
            LOG.warnf(
                    "%s: the segment at %s does not follow the end of the one before, %s",
                    folder.name(), baseOffset, logEndOffset);
            deleteFiles(bases);
            return false;
        }
        ScanRules rules =
                new ScanRules(!isSound, gaplessFrom, options.segments().indexIntervalBytes());
        SegmentLoader.Opened opened = loader.open(baseOffset, soundBelow, rules, this::noteEpoch);
        ScanEnd end = opened.end();
        segments.add(opened.segment());
        logEndOffset = end.nextOffset();
        // A preallocated file that is full has zeros behind its batches until it is sealed: nothing is missing there.
        boolean isFollowed = bases.size() > 1 && bases.get(1).longValue() == end.nextOffset();
        if (!end.isWhole()) {
            refuseDamage(
                    isSound && !isFollowed, baseOffset, "is damaged at position " + end.position() + ": " + end.flaw());
            LOG.warnf(
                    "%s: the segment at %s is cut at position %s, offset %s: %s",
                    folder.name(), baseOffset, end.position(), end.nextOffset(), end.flaw());
            if (!isFollowed) {
                deleteFiles(bases.subList(1, bases.size()));
            }
            loader.cut(opened.segment());
        }
        if (!isSound || bases.size() > 1) {
            opened.segment().completeTimeIndex();
            if (bases.size() == 1 && end.isWhole() && maySyncLater()) {
                isSynced = false;
            } else {
                loader.seal(opened.segment());
            }
        }
        return end.isWhole() || isFollowed;
    }

    /**
     * A kill -9 has lost nothing, and thousands of partitions come back sooner when none of them waits for the disk: the
     * segment that is written to is synced with its next flush. Not where somebody relies on the recovery point.
     */
    private boolean maySyncLater() {
        return checkpointed.recoveryPoint() >= 0
                && options.flush().durability() == Durability.OS
                && !options.retention().compacts();
    }

    /** What was synced and is not whole now is for a person to look at: nothing is cut off. */
    private void refuseDamage(boolean isSound, long baseOffset, String what) throws CorruptFileException {
        if (isSound) {
            throw new CorruptFileException(
                    folder.files().path(baseOffset, SegmentFiles.LOG), "was synced, but " + what);
        }
    }

    private void noteEpoch(BatchHeader batch) {
        scannedEpochs = scannedEpochs.begin(batch.partitionLeaderEpoch(), batch.baseOffset());
        scannedBytes += batch.sizeInBytes();
    }

    /** Segments that lie wholly before the log's start: a crash has brought them back. */
    private void dropBelow(long logStart) throws IOException {
        int unneeded = 0;
        while (unneeded + 1 < segments.size() && segments.get(unneeded + 1).baseOffset() <= logStart) {
            unneeded++;
        }
        if (unneeded > 0) {
            drop(segments.subList(0, unneeded));
        }
    }

    private void drop(List<Segment> unneeded) throws IOException {
        List<Long> bases = new ArrayList<>();
        for (Segment segment : unneeded) {
            SegmentLoader.close(segment);
            bases.add(segment.baseOffset());
        }
        unneeded.clear();
        deleteFiles(bases);
    }

    /** The last one first, each durably: a crash in between must not leave a hole. */
    private void deleteFiles(List<Long> bases) throws IOException {
        for (int index = bases.size() - 1; index >= 0; index--) {
            long base = bases.get(index);
            LOG.warnf("%s: the segment at %s lies outside of what the log holds and is deleted", folder.name(), base);
            for (String suffix : List.of(
                    SegmentFiles.LOG,
                    SegmentFiles.OFFSET_INDEX,
                    SegmentFiles.TIME_INDEX,
                    SegmentFiles.TRANSACTION_INDEX)) {
                context.disk().delete(folder.files().path(base, suffix));
            }
            context.disk().syncDirectory(folder.path());
        }
    }

    private LeaderEpochs loadEpochs(long logStart) throws IOException {
        LeaderEpochs found = LeaderEpochs.NONE;
        boolean isKnown = false;
        try {
            Optional<LeaderEpochs> read =
                    LeaderEpochCheckpoint.in(context.disk(), folder.path()).read();
            isKnown = read.isPresent();
            found = read.orElse(LeaderEpochs.NONE);
        } catch (CorruptFileException damaged) {
            LOG.warnf("%s: the epochs are read from the batches, because %s", folder.name(), damaged.getMessage());
        }
        LeaderEpochs merged =
                isKnown ? merge(earlierThan(found, logStart), merge(found, scannedEpochs)) : epochsOfBatches();
        LeaderEpochs epochs = merged.truncateEnd(logEndOffset + 1).truncateStart(logStart);
        if (!epochs.equals(found)) {
            folder.writeEpochs(epochs);
        }
        return epochs;
    }

    private static LeaderEpochs merge(LeaderEpochs known, LeaderEpochs scanned) {
        LeaderEpochs merged = known;
        for (int index = 0; index < scanned.size(); index++) {
            merged = merged.begin(scanned.epoch(index), scanned.startOffset(index));
        }
        return merged;
    }

    /**
     * The epochs of batches below the first one that the checkpoint knows: records that were deleted are back after a
     * loss of power, when their deletion got into this file and nowhere else.
     */
    private LeaderEpochs earlierThan(LeaderEpochs known, long logStart) throws IOException {
        long firstKnown = known.size() == 0 ? logEndOffset : Math.min(known.startOffset(0), logEndOffset);
        boolean isComplete = logStart >= firstKnown;
        return isComplete ? LeaderEpochs.NONE : epochsOfBatches().truncateEnd(firstKnown);
    }

    private LeaderEpochs epochsOfBatches() throws IOException {
        LeaderEpochs[] found = {LeaderEpochs.NONE};
        ScanRules rules =
                new ScanRules(false, Long.MAX_VALUE, options.segments().indexIntervalBytes());
        for (Segment segment : segments) {
            SegmentScan.visit(
                    segment,
                    0,
                    segment.baseOffset(),
                    rules,
                    batch -> found[0] = found[0].begin(batch.partitionLeaderEpoch(), batch.baseOffset()));
        }
        return found[0];
    }
}
