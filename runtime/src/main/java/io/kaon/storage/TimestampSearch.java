// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.record.BatchHeader;
import io.kaon.record.BatchHeaderReader;
import io.kaon.record.BatchOutcome;
import io.kaon.record.MalformedBatchException;
import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordDetail;
import io.kaon.record.RecordIterator;
import io.kaon.record.RecordLimits;
import io.kaon.record.SharedFile;
import io.kaon.storage.segment.Segment;
import io.kaon.storage.segment.SegmentGoneException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Finds records by their timestamps in what a view shows. Reads headers, and the records of the batch that counts.
 * Blocks.
 */
final class TimestampSearch {
    private final LogView view;
    private final RecordLimits limits;

    TimestampSearch(LogView view, RecordLimits limits) {
        this.view = view;
        this.limits = limits;
    }

    /** The first record that is not older and lies below the offset. */
    Optional<TimestampOffset> firstAt(long timestamp, long upToOffset) {
        List<Segment> segments = view.segments();
        try {
            for (int index = view.segmentIndex(view.logStartOffset()); index < segments.size(); index++) {
                if (mayHave(index, timestamp)) {
                    Optional<TimestampOffset> found = firstIn(index, timestamp);
                    if (found.isPresent()) {
                        return found.filter(record -> record.offset() < upToOffset);
                    }
                }
            }
            return Optional.empty();
        } catch (SegmentGoneException replaced) {
            throw new OutdatedViewException(view.name(), replaced);
        } catch (IOException failure) {
            throw new LogReadException(view.name(), view.logStartOffset(), failure);
        }
    }

    /** A sealed segment's largest timestamp is in its index; the last segment may have grown since. */
    private boolean mayHave(int index, long timestamp) throws IOException {
        if (index == view.segments().size() - 1) {
            return true;
        }
        long largest = view.segments().get(index).loadMaxTimestamp();
        return largest < 0 || largest >= timestamp;
    }

    private Optional<TimestampOffset> firstIn(int index, long timestamp) throws IOException {
        Segment segment = view.segments().get(index);
        int from = segment.positionBefore(timestamp, view.logStartOffset());
        SharedFile file = segment.retain();
        try {
            BatchHeaderReader reader = new BatchHeaderReader(file.channel(), from, view.endPosition(index));
            BatchOutcome outcome = reader.next();
            while (outcome instanceof BatchHeader header) {
                if (header.maxTimestamp() >= timestamp && header.lastOffset() >= view.logStartOffset()) {
                    Optional<TimestampOffset> found = firstIn(reader.read(), timestamp);
                    if (found.isPresent()) {
                        return found;
                    }
                }
                outcome = reader.next();
            }
            return Optional.empty();
        } finally {
            file.release();
        }
    }

    private Optional<TimestampOffset> firstIn(RecordBatch batch, long timestamp) throws IOException {
        try (RecordIterator records = batch.records(limits, RecordDetail.PLACE)) {
            while (records.hasNext()) {
                Record record = records.next();
                if (record.timestamp() >= timestamp && record.offset() >= view.logStartOffset()) {
                    return Optional.of(at(batch, record));
                }
            }
            return Optional.empty();
        } catch (MalformedBatchException damaged) {
            throw new IOException(
                    "the batch at offset " + batch.baseOffset() + " cannot be read: " + damaged.getMessage());
        }
    }

    /** The first of the records with the largest timestamp below the offset. */
    Optional<TimestampOffset> largest(long upToOffset) {
        try {
            // What the segments know of themselves may speak of records that came later than the view: then each is
            // read.
            Optional<TimestampOffset> known = firstAtLargest(upToOffset, upToOffset >= view.logEndOffset());
            return known.isPresent() ? known : firstAtLargest(upToOffset, false);
        } catch (SegmentGoneException replaced) {
            throw new OutdatedViewException(view.name(), replaced);
        } catch (IOException failure) {
            throw new LogReadException(view.name(), view.logStartOffset(), failure);
        }
    }

    private Optional<TimestampOffset> firstAtLargest(long upToOffset, boolean isLastKnown) throws IOException {
        long largest = -1;
        List<Segment> segments = view.segments();
        for (int index = view.segmentIndex(view.logStartOffset()); index < segments.size(); index++) {
            largest = Math.max(largest, largestIn(index, upToOffset, isLastKnown));
        }
        return largest < 0 ? Optional.empty() : firstAt(largest, upToOffset);
    }

    /** Whole segments are known by their index; the first one, and the last one if need be, is looked through. */
    private long largestIn(int index, long upToOffset, boolean isLastKnown) throws IOException {
        Segment segment = view.segments().get(index);
        boolean isLast = index == view.segments().size() - 1;
        boolean isWhole = isLast ? isLastKnown : view.segments().get(index + 1).baseOffset() <= upToOffset;
        boolean isKnown = isWhole && segment.baseOffset() >= view.logStartOffset();
        long known = isKnown ? segment.loadMaxTimestamp() : -1;
        return known >= 0 ? known : scanLargest(index, upToOffset);
    }

    private long scanLargest(int index, long upToOffset) throws IOException {
        long largest = -1;
        SharedFile file = view.segments().get(index).retain();
        try {
            BatchHeaderReader reader = new BatchHeaderReader(file.channel(), 0, view.endPosition(index));
            BatchOutcome outcome = reader.next();
            while (outcome instanceof BatchHeader header && header.lastOffset() < upToOffset) {
                if (header.maxTimestamp() > largest && header.lastOffset() >= view.logStartOffset()) {
                    largest = header.baseOffset() >= view.logStartOffset()
                            ? header.maxTimestamp()
                            : Math.max(largest, largestIn(reader.read()));
                }
                outcome = reader.next();
            }
            return largest;
        } finally {
            file.release();
        }
    }

    private long largestIn(RecordBatch batch) {
        long largest = -1;
        try (RecordIterator records = batch.records(limits, RecordDetail.PLACE)) {
            while (records.hasNext()) {
                Record record = records.next();
                if (record.offset() >= view.logStartOffset()) {
                    largest = Math.max(largest, record.timestamp());
                }
            }
        }
        return largest;
    }

    private static TimestampOffset at(RecordBatch batch, Record record) {
        return new TimestampOffset(record.timestamp(), record.offset(), batch.partitionLeaderEpoch());
    }
}
