// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import static io.kaon.record.BatchFormat.ATTRIBUTES_AT;
import static io.kaon.record.BatchFormat.BASE_OFFSET_AT;
import static io.kaon.record.BatchFormat.CRC_AT;
import static io.kaon.record.BatchFormat.LENGTH_AT;
import static io.kaon.record.BatchFormat.LOG_APPEND_TIME_BIT;
import static io.kaon.record.BatchFormat.LOG_OVERHEAD;
import static io.kaon.record.BatchFormat.MAX_TIMESTAMP_AT;
import static io.kaon.record.BatchFormat.PARTITION_LEADER_EPOCH_AT;
import static io.kaon.record.BatchFormat.RECORDS_AT;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A whole batch of magic 2 inside a buffer, read and stamped in place (D2): nothing is copied, and the buffer's
 * position and limit are neither used nor moved after construction. Owned by whoever owns the buffer; not
 * thread-safe.
 *
 * <pre>
 *  base offset 8 | length 4 | leader epoch 4 | magic 1 | CRC 4 | attributes 2 | last offset delta 4 |
 *  base timestamp 8 | max timestamp 8 | producer id 8 | producer epoch 2 | base sequence 4 | count 4 | records …
 * </pre>
 *
 * <p>{@link BatchFormat} has the offsets. What is here does not check the batch beyond its length: {@link BatchReader}
 * finds batches in bytes from outside, {@link BatchValidator} says whether a produced one may be appended.
 */
public final class RecordBatch extends BatchHeader {
    private RecordBatch(ByteBuffer buffer, int position) {
        super(buffer, position);
        int size = sizeInBytes();
        if (size < RECORDS_AT || size > buffer.limit() - position) {
            throw new IllegalArgumentException("a batch whose length field is " + buffer.getInt(position + LENGTH_AT)
                    + " does not fit into the " + (buffer.limit() - position) + " bytes from position " + position);
        }
    }

    /**
     * The batch that begins at an absolute position of a big-endian buffer.
     *
     * @throws IllegalArgumentException if header or length do not fit into the buffer; bytes from outside come through
     *     {@link BatchReader}, which answers with a value instead
     */
    public static RecordBatch at(ByteBuffer buffer, int position) {
        return new RecordBatch(buffer, position);
    }

    /** Whether the CRC-32C in the header is that of the bytes. */
    public boolean isCrcValid() {
        return (int) computeCrc() == buffer.getInt(position + CRC_AT);
    }

    /** Gives the batch its place in the log. Both fields lie outside the CRC, so nothing else changes. */
    public void assign(long baseOffset, int partitionLeaderEpoch) {
        buffer.putLong(position + BASE_OFFSET_AT, baseOffset);
        buffer.putInt(position + PARTITION_LEADER_EPOCH_AT, partitionLeaderEpoch);
    }

    /**
     * Gives all records the time of their append, as {@code message.timestamp.type=LogAppendTime} asks. Type and time
     * lie inside the CRC, which is computed anew.
     *
     * @param ms wall-clock time in ms
     */
    public void stampLogAppendTime(long ms) {
        short attributes = (short) (attributes() | LOG_APPEND_TIME_BIT);
        buffer.putShort(position + ATTRIBUTES_AT, attributes);
        repairMaxTimestamp(ms);
    }

    /** Writes the largest timestamp (ms), which a client got wrong, and the CRC that goes with it. */
    void repairMaxTimestamp(long ms) {
        buffer.putLong(position + MAX_TIMESTAMP_AT, ms);
        buffer.putInt(position + CRC_AT, (int) computeCrc());
    }

    /** A view of exactly this batch, position 0 to its size; writes go through. */
    public ByteBuffer buffer() {
        return buffer.slice(position, sizeInBytes());
    }

    /**
     * The records, front to back. Uncompressed ones are views of this batch's buffer; compressed ones are
     * decompressed as one goes and are copies. The iterator holds native memory until its end or {@link
     * RecordIterator#close()}. It throws {@link MalformedBatchException} where the bytes are no record, and its
     * subclass {@link DecompressionLimitException} where they grow past the limit.
     */
    public RecordIterator records(RecordLimits limits) {
        return records(limits, RecordDetail.WHOLE);
    }

    /** The same with no more of each record than is wanted. */
    public RecordIterator records(RecordLimits limits, RecordDetail detail) {
        long maxRecordBytes = compression() == CompressionType.NONE ? Long.MAX_VALUE : limits.maxRecordBytes();
        return new RecordIterator(this, openRecords(limits), detail, maxRecordBytes);
    }

    /** The bytes of the records, decompressed. The caller closes the input. */
    RecordInput openRecords(RecordLimits limits) {
        CompressionType compression = compression();
        if (compression == CompressionType.NONE) {
            return new BufferInput(buffer, position + RECORDS_AT, position + sizeInBytes());
        }
        ByteBuffer stored = buffer.slice(position + RECORDS_AT, sizeInBytes() - RECORDS_AT);
        long maxBytes = limits.maxDecompressedBytes();
        return new StreamInput(limits.codecs().decompress(compression, stored, maxBytes), maxBytes);
    }

    private long computeCrc() {
        CRC32C crc = new CRC32C();
        int from = position + ATTRIBUTES_AT;
        int bytes = sizeInBytes() - ATTRIBUTES_AT;
        if (buffer.hasArray()) {
            crc.update(buffer.array(), buffer.arrayOffset() + from, bytes);
        } else {
            crc.update(buffer.slice(from, bytes));
        }
        return crc.getValue();
    }

    /** Bytes that the length field counts for a batch of this whole size. */
    static int lengthField(int sizeInBytes) {
        return sizeInBytes - LOG_OVERHEAD;
    }
}
