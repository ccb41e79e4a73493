// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a log must hold. An end of the process leaves all of it; a loss of power leaves a prefix that contains what was
 * synced, and a log start offset that may have gone back to one that was on disk (as in Kafka, where the checkpoint of
 * log start offsets follows a DeleteRecords later).
 */
final class LogModel {
    /** One batch, as it is stored. */
    record Batch(ByteBuffer bytes, long maxTimestamp) {
        private RecordBatch read() {
            return RecordBatch.at(bytes, 0);
        }

        long baseOffset() {
            return read().baseOffset();
        }

        long nextOffset() {
            return read().nextOffset();
        }

        int epoch() {
            return read().partitionLeaderEpoch();
        }
    }

    private final TreeMap<Long, Batch> batches = new TreeMap<>();
    private long start;
    private long end;
    private long syncedStart;
    private long syncedEnd;
    private int cuts;
    /** The highest ever: what was committed and cut off all the same may count again, as in Kafka. */
    private long highWatermark;

    /** Whether everything that was written must be there: no power was lost since. */
    private boolean isWhole = true;

    long start() {
        return start;
    }

    long end() {
        return end;
    }

    long syncedEnd() {
        return syncedEnd;
    }

    Map<Long, Batch> batches() {
        return batches;
    }

    /** It was written, or it is not known whether it was. */
    void wrote(ByteBuffer records) {
        ByteBuffer copy = ByteBuffer.allocate(records.remaining()).put(records.duplicate());
        RecordBatch batch = RecordBatch.at(copy.flip(), 0);
        assertThat(batch.baseOffset()).isEqualTo(end);
        batches.put(end, new Batch(copy, batch.maxTimestamp()));
        end = batch.nextOffset();
    }

    void startedAt(long offset) {
        assertThat(offset).as("log start offset").isBetween(start, highWatermark);
        start = offset;
    }

    void committed(long offset) {
        highWatermark = Math.max(highWatermark, offset);
    }

    /** Everything below survives a loss of power. */
    void synced(long offset) {
        assertThat(offset).isLessThanOrEqualTo(end);
        syncedEnd = Math.max(syncedEnd, offset);
    }

    /** How often the log was cut: what was synced before says nothing afterwards. */
    int cuts() {
        return cuts;
    }

    void syncedUnlessCut(long offset, int cutsBefore) {
        if (cuts == cutsBefore) {
            synced(Math.min(offset, end));
        }
    }

    /** The log start offset survives one. */
    void syncedStart() {
        syncedStart = start;
        while (!batches.isEmpty() && batches.firstEntry().getValue().nextOffset() <= syncedStart) {
            batches.pollFirstEntry();
        }
    }

    /** It is being cut off from this offset on. */
    void cutting(long offset) {
        Map.Entry<Long, Batch> holder = batches.floorEntry(offset);
        boolean isInside = holder != null && holder.getValue().nextOffset() > offset;
        syncedEnd = Math.min(syncedEnd, isInside ? holder.getKey() : offset);
        cuts++;
        isWhole = false;
    }

    /** It has been cut off. */
    void cut(LogView view) {
        assertThat(view.logEndOffset()).isBetween(Math.max(start, syncedEnd), end);
        end = view.logEndOffset();
        // Also one that the start lies in: the log went on from there after it was lost.
        batches.values().removeIf(batch -> batch.nextOffset() > end);
        isWhole = true;
    }

    void lostPower() {
        isWhole = false;
    }

    /** The log is open again, and what it holds from now on counts. */
    void reopened(LogView view) {
        assertThat(view.logEndOffset())
                .as("log end offset")
                .isBetween(isWhole ? Math.max(end, start) : syncedEnd, Math.max(end, start));
        // Of which not even the folder was synced.
        boolean isGone = syncedEnd == 0 && view.logEndOffset() == 0;
        assertThat(view.logStartOffset()).as("log start offset").isBetween(isGone ? 0 : syncedStart, start);
        assertThat(view.highWatermark())
                .as("high watermark")
                .isBetween(view.logStartOffset(), Math.max(view.logStartOffset(), highWatermark))
                .isLessThanOrEqualTo(view.logEndOffset());
        start = view.logStartOffset();
        end = view.logEndOffset();
        // Also one that the start lies in: the log went on from there after it was lost.
        batches.values().removeIf(batch -> batch.nextOffset() > end);
        isWhole = true;
    }

    /** The batch that has the offset. */
    Optional<Batch> at(long offset) {
        return Optional.ofNullable(batches.floorEntry(offset))
                .map(Map.Entry::getValue)
                .filter(batch -> batch.nextOffset() > offset);
    }

    /** The first record that is not older: of which batch. */
    Optional<Batch> firstNotOlder(long timestamp) {
        return batches.values().stream()
                .filter(batch -> batch.nextOffset() > start && batch.maxTimestamp() >= timestamp)
                .findFirst();
    }
}
