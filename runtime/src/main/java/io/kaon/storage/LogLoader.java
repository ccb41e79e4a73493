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
import io.kaon.storage.segment.SpareFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    private final LogContext context;
    private final PartitionFolder folder;
    private final SegmentLoader loader;
    private final LogOptions options;
    private final Checkpointed checkpointed;
    private final boolean isClean;
    private final List<Segment> segments = new ArrayList<>();
    private LeaderEpochs scannedEpochs = LeaderEpochs.NONE;
    private long logEndOffset;

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
            removeLeftovers();
            SpareFile.adopt(folder.files());
            LoadedLog loaded = loadAgain();
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
        if (logEndOffset < logStart) {
            // Records were deleted up to an offset whose own record a crash has lost: the log goes on from there.
            dropFrom(0);
            logEndOffset = logStart;
        }
        LeaderEpochs epochs = loadEpochs(logStart);
        ProducerLoader producers = new ProducerLoader(context, folder, options);
        LogView.Offsets offsets = new LogView.Offsets(
                logStart, Math.max(logStart, Math.min(checkpointed.highWatermark(), logEndOffset)), logEndOffset);
        return new LoadedLog(true, segments, producers.load(segments, offsets), epochs, offsets, logEndOffset);
    }

    private void removeLeftovers() throws IOException {
        Disk disk = context.disk();
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
            Optional<Segment> sealed = isSound && !isLast ? loader.openSealed(bases.get(index)) : Optional.empty();
            if (sealed.isPresent()) {
                segments.add(sealed.get());
                logEndOffset = bases.get(index + 1);
            } else if (!examine(bases.get(index), soundBelow, isSound)) {
                deleteFiles(bases.subList(index + 1, bases.size()));
                return;
            }
        }
    }

    /** Reads a segment from where it is not known to be sound; false when it ends before its file does. */
    private boolean examine(long baseOffset, long soundBelow, boolean isSound) throws IOException {
        boolean mayHaveGaps = isSound || options.retention().compacts() || checkpointed.recoveryPoint() < 0;
        long gaplessFrom = mayHaveGaps ? Long.MAX_VALUE : checkpointed.recoveryPoint();
        boolean isOverlap = baseOffset < logEndOffset;
        boolean isGap = baseOffset > logEndOffset && logEndOffset >= gaplessFrom;
        if (!segments.isEmpty() && (isOverlap || isGap)) {
            refuseDamage(isSound, baseOffset, "does not follow the end of the one before, " + logEndOffset);
            LOG.warnf(
                    "%s: the segment at %s does not follow the end of the one before, %s",
                    folder.name(), baseOffset, logEndOffset);
            deleteFiles(List.of(baseOffset));
            return false;
        }
        ScanRules rules =
                new ScanRules(!isSound, gaplessFrom, options.segments().indexIntervalBytes());
        SegmentLoader.Opened opened = loader.open(baseOffset, soundBelow, rules, this::noteEpoch);
        ScanEnd end = opened.end();
        segments.add(opened.segment());
        logEndOffset = end.nextOffset();
        if (!end.isWhole()) {
            refuseDamage(isSound, baseOffset, "is damaged at position " + end.position() + ": " + end.flaw());
            LOG.warnf(
                    "%s: the segment at %s is cut at position %s, offset %s: %s",
                    folder.name(), baseOffset, end.position(), end.nextOffset(), end.flaw());
            loader.cut(opened.segment());
        }
        if (!isSound) {
            opened.segment().completeTimeIndex();
            loader.seal(opened.segment());
        }
        return end.isWhole();
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
    }

    private void dropFrom(int index) throws IOException {
        List<Long> bases = new ArrayList<>();
        for (Segment segment : segments.subList(index, segments.size())) {
            SegmentLoader.close(segment);
            bases.add(segment.baseOffset());
        }
        segments.subList(index, segments.size()).clear();
        deleteFiles(bases);
    }

    private void deleteFiles(List<Long> bases) throws IOException {
        for (long base : bases) {
            LOG.warnf("%s: the segment at %s lies behind the end of what is sound and is deleted", folder.name(), base);
            for (String suffix : List.of(
                    SegmentFiles.LOG,
                    SegmentFiles.OFFSET_INDEX,
                    SegmentFiles.TIME_INDEX,
                    SegmentFiles.TRANSACTION_INDEX)) {
                context.disk().delete(folder.files().path(base, suffix));
            }
        }
        context.disk().syncDirectory(folder.path());
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
        LeaderEpochs merged = isKnown ? merge(found, scannedEpochs) : epochsOfBatches();
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

    private LeaderEpochs epochsOfBatches() throws IOException {
        scannedEpochs = LeaderEpochs.NONE;
        ScanRules rules =
                new ScanRules(false, Long.MAX_VALUE, options.segments().indexIntervalBytes());
        for (Segment segment : segments) {
            SegmentScan.visit(segment, 0, segment.baseOffset(), rules, this::noteEpoch);
        }
        return scannedEpochs;
    }
}
