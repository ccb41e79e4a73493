// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.record.BatchHeader;
import io.kaon.record.MalformedBatchException;
import io.kaon.record.RecordBatch;
import io.kaon.storage.checkpoint.CorruptFileException;
import io.kaon.storage.checkpoint.PartitionMetadataFile;
import io.kaon.storage.producer.ProducerBatch;
import io.kaon.storage.producer.ProducerEntry;
import io.kaon.storage.producer.ProducerSnapshotFile;
import io.kaon.storage.producer.ProducerStates;
import io.kaon.storage.producer.TransactionMarker;
import io.kaon.storage.segment.AbortedTransaction;
import io.kaon.storage.segment.BatchPlace;
import io.kaon.storage.segment.ScanRules;
import io.kaon.storage.segment.Segment;
import io.kaon.storage.segment.SegmentFiles;
import io.kaon.storage.segment.SegmentLoader;
import io.kaon.storage.segment.SegmentScan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jboss.logging.Logger;

/**
 * Knows the producers of a log again: from the newest snapshot that can be read, and from the headers of the
 * batches behind
 * it. Blocks; one thread, used once.
 */
final class ProducerLoader {
    private static final Logger LOG = Logger.getLogger(ProducerLoader.class);
    /**
     * How long after its append a batch may be sent again: more than any client's {@code delivery.timeout.ms} by
     * default.
     */
    private static final long MAX_REPEAT_MS = 600_000;
    /** How far before a snapshot its producers' earlier batches are looked for. */
    private static final int TAIL_BYTES = 16 << 20;

    private static final ScanRules HEADERS = new ScanRules(false, Long.MAX_VALUE, Integer.MAX_VALUE);

    private final LogContext context;
    private final PartitionFolder folder;
    private final LogOptions options;

    ProducerLoader(LogContext context, PartitionFolder folder, LogOptions options) {
        this.context = context;
        this.folder = folder;
        this.options = options;
    }

    ProducerStates load(List<Segment> segments, LogView.Offsets offsets) throws IOException {
        long nowMs = context.clock().wallMs();
        ProducerStates producers = new ProducerStates(remembersAll(offsets, nowMs));
        long known = loadSnapshot(producers, segments, offsets);
        for (int index = 0; index < segments.size(); index++) {
            if (endOf(index, segments, offsets) > known) {
                Segment segment = segments.get(index);
                SegmentLoader.replaceAborted(segment, known, scan(segment, known, producers, nowMs));
            }
        }
        producers.onHighWatermark(offsets.highWatermark());
        producers.expire(nowMs, options.producerIdExpirationMs());
        return producers;
    }

    private static long endOf(int index, List<Segment> segments, LogView.Offsets offsets) {
        return index == segments.size() - 1
                ? offsets.logEnd()
                : segments.get(index + 1).baseOffset();
    }

    /**
     * The newest offset from which the batches may be replayed. It is not behind the high watermark: a transaction
     * whose marker is not committed holds readers back, and a snapshot behind the marker does not speak of it. (Without
     * a high watermark nobody reads, and the whole log would be much to go through.) And no segment below has lost its
     * index of aborted transactions, which is made again from the batches.
     */
    private long lastStart(List<Segment> segments, LogView.Offsets offsets) throws IOException {
        for (int index = 0; index < segments.size(); index++) {
            Segment segment = segments.get(index);
            if (!folder.segments().hasSoundTransactions(segment, endOf(index, segments, offsets))) {
                LOG.warnf(
                        "%s: the index of aborted transactions at %s is made again, because it is not sound",
                        folder.name(), segment.baseOffset());
                return Math.min(segment.baseOffset(), offsets.highWatermark());
            }
        }
        return offsets.highWatermark() > offsets.logStart() ? offsets.highWatermark() : offsets.logEnd();
    }

    /** Nobody can have been forgotten in a log that is whole and younger than it takes to be forgotten. */
    private boolean remembersAll(LogView.Offsets offsets, long nowMs) throws IOException {
        Path born = PartitionMetadataFile.in(context.disk(), folder.path()).file();
        return offsets.logStart() == 0
                && nowMs - context.disk().lastModifiedMs(born) < options.producerIdExpirationMs();
    }

    private long loadSnapshot(ProducerStates producers, List<Segment> segments, LogView.Offsets offsets)
            throws IOException {
        SegmentFiles files = folder.files();
        SortedSet<Long> found = new TreeSet<>(files.find(SegmentFiles.SNAPSHOT));
        SortedSet<Long> tooNew = found.tailSet(offsets.logEnd() + 1);
        for (long offset : tooNew) {
            context.disk().delete(files.path(offset, SegmentFiles.SNAPSHOT));
        }
        if (!tooNew.isEmpty()) {
            // It must not be there again after a crash, when the log may have reached it with other batches.
            context.disk().syncDirectory(folder.path());
        }
        SortedSet<Long> usable = new TreeSet<>(found.headSet(offsets.logEnd() + 1));
        long lastStart = lastStart(segments, offsets);
        removeStray(usable, segments, lastStart);
        usable = new TreeSet<>(usable.headSet(lastStart + 1));
        // Of the batches between an older one and the first that are left nobody would tell.
        usable.headSet(segments.isEmpty() ? offsets.logStart() : segments.get(0).baseOffset())
                .clear();
        while (!usable.isEmpty()) {
            long newest = usable.last();
            try {
                Optional<List<ProducerEntry>> entries =
                        new ProducerSnapshotFile(context.disk(), files.path(newest, SegmentFiles.SNAPSHOT)).read();
                if (entries.isPresent()) {
                    producers.load(entries.get(), tailBefore(newest, segments, entries.get()));
                    return newest;
                }
            } catch (CorruptFileException damaged) {
                LOG.warnf(
                        "%s: an older snapshot and the batches are used, because %s",
                        folder.name(), damaged.getMessage());
                context.disk().delete(files.path(newest, SegmentFiles.SNAPSHOT));
            }
            usable.remove(newest);
        }
        return segments.isEmpty() ? offsets.logStart() : segments.get(0).baseOffset();
    }

    /**
     * A snapshot that is not at the beginning of a segment was made by a clean end or by a round of compaction; of
     * those, only the newest counts, and the newest that may be used.
     */
    private void removeStray(SortedSet<Long> snapshots, List<Segment> segments, long lastStart) throws IOException {
        Set<Long> kept = new HashSet<>();
        segments.forEach(segment -> kept.add(segment.baseOffset()));
        if (!snapshots.headSet(lastStart + 1).isEmpty()) {
            kept.add(snapshots.headSet(lastStart + 1).last());
        }
        for (long offset : List.copyOf(snapshots)) {
            if (offset != snapshots.last() && !kept.contains(offset)) {
                context.disk().delete(folder.files().path(offset, SegmentFiles.SNAPSHOT));
                snapshots.remove(offset);
            }
        }
    }

    /**
     * The producers as the last batches before a snapshot show them: a producer that repeats its batches after a
     * restart may
     * begin with one before the snapshot's. Only where one of them may still have something to repeat, and only so
     * far back.
     */
    private ProducerStates tailBefore(long offset, List<Segment> segments, List<ProducerEntry> entries)
            throws IOException {
        ProducerStates tail = new ProducerStates(false);
        long nowMs = context.clock().wallMs();
        if (entries.stream().allMatch(entry -> nowMs - entry.timestamp() > MAX_REPEAT_MS)) {
            return tail;
        }
        int index = segments.size() - 1;
        while (index > 0 && segments.get(index).baseOffset() >= offset) {
            index--;
        }
        if (index >= 0 && segments.get(index).baseOffset() < offset) {
            Segment segment = segments.get(index);
            int end = segment.locate(offset, segment.sizeInBytes())
                    .map(BatchPlace::position)
                    .orElse(segment.sizeInBytes());
            int from = segment.indexedPosition(Math.max(0, end - TAIL_BYTES));
            SegmentScan.visit(segment, from, segment.baseOffset(), HEADERS, batch -> {
                if (batch.lastOffset() < offset) {
                    note(batch, tail, nowMs);
                }
            });
        }
        return tail;
    }

    /** Answers with the transactions that were aborted there. */
    private List<AbortedTransaction> scan(Segment segment, long from, ProducerStates producers, long nowMs)
            throws IOException {
        Optional<BatchPlace> start = segment.locate(from, segment.sizeInBytes());
        List<AbortedTransaction> aborted = new ArrayList<>(0);
        if (start.isEmpty()) {
            return aborted;
        }
        SegmentScan.visit(
                segment, start.get().position(), segment.baseOffset(), HEADERS, batch -> note(batch, producers, nowMs)
                        .ifPresent(aborted::add));
        return aborted;
    }

    private Optional<AbortedTransaction> note(BatchHeader batch, ProducerStates producers, long nowMs) {
        if (batch.isControl()) {
            return markerOf(batch).flatMap(marker -> producers.end(marker, batch.lastOffset(), nowMs));
        }
        if (batch.hasProducerId()) {
            producers.add(ProducerBatch.of(batch), batch.lastOffset(), nowMs);
        }
        return Optional.empty();
    }

    private Optional<TransactionMarker> markerOf(BatchHeader batch) {
        try {
            return batch instanceof RecordBatch whole
                    ? TransactionMarker.of(whole, context.limits())
                    : Optional.empty();
        } catch (MalformedBatchException damaged) {
            // As if it were not there: then its transaction stays open, and no reader sees what may have been aborted.
            LOG.errorf("%s: a marker is passed over, because %s", folder.name(), damaged.getMessage());
            return Optional.empty();
        }
    }
}
