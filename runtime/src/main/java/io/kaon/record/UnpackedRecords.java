// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The records of one batch after the other, decompressed as a whole and stepped over without an object for each: for
 * compaction, which looks at every key of a log. What is asked between two {@link #next()} is about the current record.
 * The memory is kept for the next batch and is bounded by the largest batch's records, decompressed. One thread.
 */
public final class UnpackedRecords {
    private static final int FIRST_SCRATCH_BYTES = 64 * 1024;
    private static final int MIN_BODY_BYTES = BatchFormat.MIN_RECORD_BYTES - 1;
    private static final int NULL = -1;
    private static final int MAX_INT_SHIFT = 28;
    private static final int MAX_LONG_SHIFT = 63;

    private final RecordLimits limits;
    private byte[] scratch = new byte[0];
    private byte[] bytes = scratch;
    private RecordBatch batch;
    private int from;
    private int limit;
    private int position;
    private int left;
    private int recordStart;
    private long timestampDelta;
    private int restStart;
    private int offsetDelta;
    private int keyStart;
    private int keyLength;
    private int valueLength;

    /** @param limits the codecs, and how many bytes may come out of one batch */
    public UnpackedRecords(RecordLimits limits) {
        this.limits = limits;
    }

    /**
     * Begins with a batch, which must not change until the next one. Throws {@link MalformedBatchException} where it does
     * not decompress, and {@link DecompressionLimitException} where it grows past the limit.
     */
    public void open(RecordBatch next) {
        batch = next;
        ByteBuffer stored = next.buffer();
        int storedBytes = stored.limit() - BatchFormat.RECORDS_AT;
        if (next.compression() != CompressionType.NONE) {
            inflate(next.compression(), stored.slice(BatchFormat.RECORDS_AT, storedBytes));
        } else if (stored.hasArray()) {
            bytes = stored.array();
            from = stored.arrayOffset() + BatchFormat.RECORDS_AT;
            limit = from + storedBytes;
        } else {
            scratch = scratch.length < storedBytes ? new byte[storedBytes] : scratch;
            stored.get(BatchFormat.RECORDS_AT, scratch, 0, storedBytes);
            useScratch(storedBytes);
        }
        rewind();
    }

    private void inflate(CompressionType type, ByteBuffer compressed) {
        int filled = 0;
        // A batch that compaction has emptied has nothing that a codec could read.
        if (batch.count() > 0) {
            try (InputStream stream = limits.codecs().decompress(type, compressed, limits.maxDecompressedBytes())) {
                for (int read = 0; read >= 0; filled += Math.max(0, read)) {
                    if (filled == scratch.length) {
                        scratch = Arrays.copyOf(scratch, grown(filled));
                    }
                    read = stream.read(scratch, filled, scratch.length - filled);
                }
            } catch (IOException failure) {
                throw new MalformedBatchException("the records do not decompress", failure);
            }
        }
        useScratch(filled);
    }

    /** One byte more than is allowed: reading it is what the stream refuses. */
    private int grown(int filled) {
        long allowed = Math.min(Integer.MAX_VALUE - 8, limits.maxDecompressedBytes() + 1);
        return (int) Math.min(allowed, Math.max(FIRST_SCRATCH_BYTES, filled * 2L));
    }

    private void useScratch(int filled) {
        bytes = scratch;
        from = 0;
        limit = filled;
    }

    /** Back to before the first record of the batch. */
    public void rewind() {
        position = from;
        left = Math.max(0, batch.count());
        offsetDelta = -1;
    }

    /** Steps to the next record; false behind the last. Throws {@link MalformedBatchException}. */
    public boolean next() {
        if (left == 0) {
            if (position != limit) {
                throw malformed("bytes are left after the last record");
            }
            return false;
        }
        left--;
        recordStart = position;
        int length = readVarint();
        if (length < MIN_BODY_BYTES || length > limit - position) {
            throw malformed("a record of " + length + " bytes");
        }
        int end = position + length;
        position++;
        timestampDelta = readVarlong();
        restStart = position;
        stepTo(readVarint());
        keyLength = readLength(end);
        keyStart = position;
        position += Math.max(0, keyLength);
        valueLength = readLength(end);
        position = end;
        return true;
    }

    private void stepTo(int delta) {
        if (delta <= offsetDelta || delta > batch.lastOffsetDelta()) {
            throw malformed("offset delta " + delta + " after " + offsetDelta);
        }
        offsetDelta = delta;
    }

    public long offset() {
        return batch.baseOffset() + offsetDelta;
    }

    /** In ms. */
    public long timestamp() {
        return batch.timestampType() == TimestampType.LOG_APPEND_TIME
                ? batch.maxTimestamp()
                : batch.baseTimestamp() + timestampDelta;
    }

    public boolean hasKey() {
        return keyLength != NULL;
    }

    /** Whether it is no tombstone. */
    public boolean hasValue() {
        return valueLength != NULL;
    }

    /** The array in which the key lies, from {@link #keyStart()}, {@link #keyLength()} bytes. Not to be changed. */
    public byte[] array() {
        return bytes;
    }

    /** Where in {@link #array()} the key begins. */
    public int keyStart() {
        return keyStart;
    }

    /** Bytes of the key, −1 when there is none. */
    public int keyLength() {
        return keyLength;
    }

    /** Adds the record as it is. */
    void copyTo(RecordOutput target) {
        target.write(bytes, recordStart, position - recordStart);
    }

    /** Adds the record with a timestamp that counts from another base. */
    void copyTo(RecordOutput target, long newTimestampDelta) {
        int restBytes = position - restStart;
        target.writeVarint(1 + RecordOutput.sizeOfVarlong(newTimestampDelta) + restBytes);
        target.write(0);
        target.writeVarlong(newTimestampDelta);
        target.write(bytes, restStart, restBytes);
    }

    private int readLength(int end) {
        int length = readVarint();
        if (length < NULL || length > end - position) {
            throw malformed("a field of " + length + " bytes");
        }
        return length;
    }

    private byte readByte() {
        if (position >= limit) {
            throw malformed("the records end inside a record");
        }
        return bytes[position++];
    }

    private int readVarint() {
        int bits = 0;
        for (int shift = 0; shift <= MAX_INT_SHIFT; shift += 7) {
            byte next = readByte();
            bits |= (next & 0x7f) << shift;
            if (next >= 0) {
                return (bits >>> 1) ^ -(bits & 1);
            }
        }
        throw malformed("a 32-bit number of more than 5 bytes");
    }

    private long readVarlong() {
        long bits = 0;
        for (int shift = 0; shift <= MAX_LONG_SHIFT; shift += 7) {
            byte next = readByte();
            bits |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return (bits >>> 1) ^ -(bits & 1);
            }
        }
        throw malformed("a 64-bit number of more than 10 bytes");
    }

    private MalformedBatchException malformed(String what) {
        return new MalformedBatchException(what + " at byte " + (position - from) + " of the records");
    }
}
