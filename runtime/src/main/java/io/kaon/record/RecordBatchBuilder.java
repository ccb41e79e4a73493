// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import static io.kaon.common.Checks.require;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Builds one batch of magic 2 whose offsets have no gaps. First what the header says, then the records, then
 * {@link #build()}, once. The size is the caller's to bound: see {@link #estimatedSizeInBytes()}. One thread.
 *
 * <pre>{@code
 * ByteBuffer batch = RecordBatchBuilder.uncompressed().baseOffset(42).append(nowMs, key, value).build();
 * }</pre>
 */
public final class RecordBatchBuilder {
    private static final int INITIAL_BYTES = 512;
    /** Of a record without headers, beside its key and value: lengths and deltas at their longest, attributes. */
    private static final int MAX_RECORD_OVERHEAD = 32;

    private final Codecs codecs;
    private final Compression compression;
    private final RecordOutput output;
    private long baseOffset;
    private int partitionLeaderEpoch = BatchFormat.NO_PARTITION_LEADER_EPOCH;
    private long producerId = BatchFormat.NO_PRODUCER_ID;
    private short producerEpoch = BatchFormat.NO_PRODUCER_EPOCH;
    private int baseSequence = BatchFormat.NO_SEQUENCE;
    private int flags;
    private long logAppendTime = BatchFormat.NO_TIMESTAMP;
    private long baseTimestamp = BatchFormat.NO_TIMESTAMP;
    private long maxTimestamp = BatchFormat.NO_TIMESTAMP;
    private int count;
    private boolean isBuilt;

    private RecordBatchBuilder(Codecs codecs, Compression compression, int expectedBytes) {
        this.codecs = codecs;
        this.compression = compression;
        this.output = new RecordOutput(expectedBytes);
        output.writeZeros(BatchFormat.RECORDS_AT);
    }

    /** A batch whose records stay as they are. */
    public static RecordBatchBuilder uncompressed() {
        return new RecordBatchBuilder(NoCodecs.INSTANCE, Compression.NONE, INITIAL_BYTES);
    }

    /**
     * A batch whose records stay as they are and have no headers, with room for them from the start.
     *
     * @param records how many
     * @param bytes of their keys and values
     */
    public static RecordBatchBuilder uncompressed(int records, int bytes) {
        return new RecordBatchBuilder(
                NoCodecs.INSTANCE, Compression.NONE, BatchFormat.RECORDS_AT + bytes + records * MAX_RECORD_OVERHEAD);
    }

    /** A batch whose records are compressed when it is built; {@link Compression#NONE} is allowed. */
    public static RecordBatchBuilder compressed(Codecs codecs, Compression compression) {
        return new RecordBatchBuilder(codecs, compression, INITIAL_BYTES);
    }

    /**
     * The same, with room from the start.
     *
     * @param expectedBytes of all records, before compression
     */
    public static RecordBatchBuilder compressed(Codecs codecs, Compression compression, int expectedBytes) {
        return new RecordBatchBuilder(codecs, compression, BatchFormat.RECORDS_AT + expectedBytes);
    }

    /** Offset of the first record; 0 unless told. */
    public RecordBatchBuilder baseOffset(long offset) {
        this.baseOffset = offset;
        return this;
    }

    /** Epoch of the appending leader; −1 unless told, as producers send it. */
    public RecordBatchBuilder partitionLeaderEpoch(int epoch) {
        this.partitionLeaderEpoch = epoch;
        return this;
    }

    /** All records have this timestamp (ms), and the batch says that the broker set it. */
    public RecordBatchBuilder logAppendTime(long ms) {
        this.logAppendTime = ms;
        this.flags |= BatchFormat.LOG_APPEND_TIME_BIT;
        return this;
    }

    /** The idempotent or transactional producer; a control batch has no sequence, −1. */
    public RecordBatchBuilder producer(long id, short epoch, int firstSequence) {
        this.producerId = id;
        this.producerEpoch = epoch;
        this.baseSequence = firstSequence;
        return this;
    }

    /** The records belong to a transaction of the producer. */
    public RecordBatchBuilder transactional() {
        flags |= BatchFormat.TRANSACTIONAL_BIT;
        return this;
    }

    /** The batch holds a {@link ControlRecord}. */
    public RecordBatchBuilder control() {
        flags |= BatchFormat.CONTROL_BIT;
        return this;
    }

    /** Appends a record without headers; key and value may be null. */
    public RecordBatchBuilder append(long timestampMs, byte[] key, byte[] value) {
        return append(timestampMs, wrap(key), wrap(value), List.of());
    }

    /** Appends a control record and marks the batch as holding one. */
    public RecordBatchBuilder append(long timestampMs, ControlRecord control) {
        return control().append(timestampMs, control.key(), control.value(), List.of());
    }

    /**
     * Appends a record. Key and value are copied from position to limit, and not moved; either may be null.
     *
     * @param timestampMs in ms, −1 for none
     */
    public RecordBatchBuilder append(long timestampMs, ByteBuffer key, ByteBuffer value, List<RecordHeader> headers) {
        require(!isBuilt, "the batch has been built");
        if (count == 0) {
            baseTimestamp = timestampMs;
        }
        maxTimestamp = Math.max(maxTimestamp, timestampMs);
        long timestampDelta = timestampMs - baseTimestamp;
        int length = 1
                + RecordOutput.sizeOfVarlong(timestampDelta)
                + RecordOutput.sizeOfVarint(count)
                + sizeOf(key)
                + sizeOf(value)
                + sizeOf(headers);
        output.writeVarint(length);
        output.write(0);
        output.writeVarlong(timestampDelta);
        output.writeVarint(count);
        write(key);
        write(value);
        write(headers);
        count++;
        return this;
    }

    /** Records so far. */
    public int count() {
        return count;
    }

    /** Size in bytes of the batch as it stands, before compression. */
    public int estimatedSizeInBytes() {
        return output.size();
    }

    /** The finished batch, position 0 to its size; throws {@link IllegalArgumentException} without a record. */
    public ByteBuffer build() {
        require(!isBuilt, "the batch has been built");
        require(count > 0, "a batch has at least one record");
        isBuilt = true;
        return finish(compression.type() == CompressionType.NONE ? output.toBuffer() : compress(), compression.type());
    }

    /** Passes the records so far on and forgets them. Their count and times stay. */
    void drainTo(OutputStream sink) throws IOException {
        output.writeTo(sink, BatchFormat.RECORDS_AT);
        output.cutTo(BatchFormat.RECORDS_AT);
    }

    /** Writes the header before records that have been compressed. */
    ByteBuffer finish(ByteBuffer batch, CompressionType type) {
        boolean isLogAppendTime = (flags & BatchFormat.LOG_APPEND_TIME_BIT) != 0;
        batch.putLong(BatchFormat.BASE_OFFSET_AT, baseOffset)
                .putInt(BatchFormat.LENGTH_AT, RecordBatch.lengthField(batch.limit()))
                .putInt(BatchFormat.PARTITION_LEADER_EPOCH_AT, partitionLeaderEpoch)
                .put(BatchFormat.MAGIC_AT, BatchFormat.MAGIC)
                .putShort(BatchFormat.ATTRIBUTES_AT, (short) (flags | type.id()))
                .putInt(BatchFormat.LAST_OFFSET_DELTA_AT, count - 1)
                .putLong(BatchFormat.BASE_TIMESTAMP_AT, baseTimestamp)
                .putLong(BatchFormat.PRODUCER_ID_AT, producerId)
                .putShort(BatchFormat.PRODUCER_EPOCH_AT, producerEpoch)
                .putInt(BatchFormat.BASE_SEQUENCE_AT, baseSequence)
                .putInt(BatchFormat.COUNT_AT, count);
        RecordBatch.at(batch, 0).repairMaxTimestamp(isLogAppendTime ? logAppendTime : maxTimestamp);
        return batch;
    }

    private ByteBuffer compress() {
        RecordOutput target = new RecordOutput(BatchFormat.RECORDS_AT + output.size() / 2);
        target.writeZeros(BatchFormat.RECORDS_AT);
        try (OutputStream compressor = codecs.compress(compression, target)) {
            output.writeTo(compressor, BatchFormat.RECORDS_AT);
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory failed", impossible);
        }
        return target.toBuffer();
    }

    private void write(ByteBuffer bytes) {
        if (bytes == null) {
            output.writeVarint(-1);
        } else {
            output.writeVarint(bytes.remaining());
            output.write(bytes);
        }
    }

    private void write(List<RecordHeader> headers) {
        output.writeVarint(headers.size());
        for (RecordHeader header : headers) {
            write(StandardCharsets.UTF_8.encode(header.key()));
            write(header.value());
        }
    }

    private static int sizeOf(ByteBuffer bytes) {
        int length = bytes == null ? 0 : bytes.remaining();
        return RecordOutput.sizeOfVarint(bytes == null ? -1 : length) + length;
    }

    private static int sizeOf(List<RecordHeader> headers) {
        int size = RecordOutput.sizeOfVarint(headers.size());
        for (RecordHeader header : headers) {
            size += sizeOf(StandardCharsets.UTF_8.encode(header.key())) + sizeOf(header.value());
        }
        return size;
    }

    private static ByteBuffer wrap(byte[] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }
}
