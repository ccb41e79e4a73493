// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The records of one batch, once, front to back. Closes itself at the end and when it throws; who stops earlier closes
 * it. {@link #next()} throws {@link MalformedBatchException} if the bytes are no record, offsets do not rise within the
 * batch, or bytes are left after the last record. Owned by one thread.
 */
public final class RecordIterator implements Iterator<Record>, Iterable<Record>, AutoCloseable {
    private final RecordBatch batch;
    private final RecordInput input;
    private final RecordCursor cursor;
    private final RecordDetail detail;
    private final long maxRecordBytes;
    private final long baseOffset;
    private final long baseTimestamp;
    private final int baseSequence;
    private final int lastOffsetDelta;
    private int left;
    private int previousDelta = -1;
    private long firstTaken;

    /** @param maxRecordBytes a larger record is not taken, but throws */
    RecordIterator(RecordBatch batch, RecordInput input, RecordDetail detail, long maxRecordBytes) {
        this.batch = batch;
        this.input = input;
        this.detail = detail;
        this.maxRecordBytes = maxRecordBytes;
        this.cursor = new RecordCursor(input);
        this.baseOffset = batch.baseOffset();
        this.baseTimestamp = batch.baseTimestamp();
        this.baseSequence = batch.baseSequence();
        this.lastOffsetDelta = batch.lastOffsetDelta();
        this.left = batch.count();
        if (left <= 0) {
            // Compaction leaves empty batches: there is no last record that would close the input.
            close();
        }
    }

    /** This very iterator, for a {@code for} statement that runs to the end. */
    @Override
    public Iterator<Record> iterator() {
        return this;
    }

    /**
     * Passes over what stands before an offset, without taking memory for it: the next record is that of the offset or
     * the first one behind it, or the last one of the batch if none is.
     */
    public RecordIterator from(long offset) {
        firstTaken = offset;
        return this;
    }

    @Override
    public boolean hasNext() {
        return left > 0;
    }

    @Override
    public Record next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        boolean read = false;
        try {
            Record record = read();
            read = true;
            return record;
        } finally {
            if (!read || left == 0) {
                close();
            }
        }
    }

    /** Gives back what decompression holds. May be called again. */
    @Override
    public void close() {
        left = 0;
        input.close();
    }

    private Record read() {
        int delta = begin();
        while (left > 1 && baseOffset + delta < firstTaken) {
            cursor.skipRest();
            left--;
            delta = begin();
        }
        Record record = detail == RecordDetail.PLACE ? place(delta) : taken(delta);
        cursor.finish();
        left--;
        if (left == 0 && !input.isAtEnd()) {
            throw new MalformedBatchException("bytes are left after the last record");
        }
        return record;
    }

    private int begin() {
        cursor.begin();
        int delta = cursor.offsetDelta();
        if (delta <= previousDelta || delta > lastOffsetDelta) {
            throw new MalformedBatchException("offset delta " + delta + " after " + previousDelta
                    + " in a batch whose last is " + lastOffsetDelta);
        }
        previousDelta = delta;
        return delta;
    }

    private Record place(int delta) {
        cursor.skipFields();
        return new Record(baseOffset + delta, timestamp(), sequence(delta), null, null, List.of());
    }

    private Record taken(int delta) {
        if (cursor.length() > maxRecordBytes) {
            throw new MalformedBatchException(
                    "a record of " + cursor.length() + " bytes, where " + maxRecordBytes + " are the limit");
        }
        ByteBuffer key = cursor.takeKey();
        ByteBuffer value = cursor.takeValue();
        List<RecordHeader> headers = List.of();
        if (detail == RecordDetail.WHOLE) {
            headers = cursor.takeHeaders();
        } else {
            cursor.skipHeaders();
        }
        return new Record(baseOffset + delta, timestamp(), sequence(delta), key, value, headers);
    }

    private int sequence(int delta) {
        return baseSequence < 0 ? BatchFormat.NO_SEQUENCE : Sequences.add(baseSequence, delta);
    }

    private long timestamp() {
        return batch.timestampType() == TimestampType.LOG_APPEND_TIME
                ? batch.maxTimestamp()
                : baseTimestamp + cursor.timestampDelta();
    }
}
