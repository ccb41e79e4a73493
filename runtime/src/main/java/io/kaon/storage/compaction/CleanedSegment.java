// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.compaction;

import static io.kaon.common.Checks.invariant;

import io.kaon.record.BatchReader;
import io.kaon.record.RecordBatch;
import io.kaon.record.SharedFile;
import io.kaon.storage.segment.AbortedTransaction;
import io.kaon.storage.segment.BatchPlace;
import io.kaon.storage.segment.Segment;
import io.kaon.storage.segment.SegmentSwap;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes a segment that is to replace others, a buffer at a time. Blocks; one thread at a time. */
final class CleanedSegment {
    /**
     * How much is written before it is synced. A whole segment at once would keep the disk busy for seconds, and with
     * it the other partitions' appends.
     */
    private static final int SYNC_BYTES = 8 << 20;

    private final SegmentSwap swap;
    private final Segment segment;
    private final int indexIntervalBytes;
    private final ByteBuffer buffer;
    private long appendedBytes;
    private int unsyncedBytes;

    /** @param buffer empty; lent until the end */
    CleanedSegment(SegmentSwap swap, long baseOffset, int indexIntervalBytes, ByteBuffer buffer) throws IOException {
        this.swap = swap;
        this.segment = swap.begin(baseOffset);
        this.indexIntervalBytes = indexIntervalBytes;
        this.buffer = buffer.clear();
    }

    Segment segment() {
        return segment;
    }

    /** Adds a batch, which is copied or written. */
    void append(RecordBatch batch) throws IOException {
        ByteBuffer bytes = batch.buffer();
        appendedBytes += bytes.remaining();
        if (bytes.remaining() > buffer.remaining()) {
            flush();
        }
        if (bytes.remaining() > buffer.capacity()) {
            write(bytes);
        } else {
            buffer.put(bytes);
        }
    }

    void append(AbortedTransaction aborted) throws IOException {
        segment.noteAborted(aborted);
    }

    private void flush() throws IOException {
        buffer.flip();
        write(buffer);
        buffer.clear();
    }

    private void write(ByteBuffer batches) throws IOException {
        if (batches.remaining() > Integer.MAX_VALUE - segment.sizeInBytes()) {
            throw new IOException(segment + " would be larger than a segment can be");
        }
        segment.write(batches.duplicate());
        unsyncedBytes += batches.remaining();
        if (unsyncedBytes >= SYNC_BYTES) {
            sync();
        }
        for (RecordBatch batch : BatchReader.split(batches).batches()) {
            BatchPlace place = new BatchPlace(segment.sizeInBytes(), batch.sizeInBytes(), batch.lastOffset());
            segment.note(place, batch.maxRecordTimestamp(), indexIntervalBytes);
        }
    }

    private void sync() throws IOException {
        SharedFile file = segment.retain();
        try {
            file.channel().force(false);
            unsyncedBytes = 0;
        } finally {
            file.release();
        }
    }

    /** Makes everything durable. */
    void seal() throws IOException {
        flush();
        invariant(
                segment.sizeInBytes() == appendedBytes,
                "%s has other bytes than the %s that were appended",
                segment,
                appendedBytes);
        swap.seal(segment);
    }

    /** Takes the files away. */
    void abandon() throws IOException {
        swap.abandon(segment);
    }
}
