// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Rebuilds a batch with some of its records, for compaction. Offsets, last offset, producer, sequence, epoch, codec and
 * kind of timestamp stay; record bytes are copied, not read. A delete horizon (KIP-534) takes the place of the base
 * timestamp, and the records' timestamps count from it. One thread.
 */
public final class BatchRewriter {
    private final RecordLimits limits;
    private final Optional<Compression> preferred;

    /**
     * @param limits the codecs
     * @param preferred the level at which batches of its codec are compressed; others at their default
     */
    public BatchRewriter(RecordLimits limits, Optional<Compression> preferred) {
        this.limits = limits;
        this.preferred = preferred;
    }

    /**
     * The batch with the records whose index is in {@code kept}, at least one; position 0 to its size.
     *
     * @param records the batch, unpacked; it is rewound
     * @param newHorizonMs the delete horizon to set; empty to leave what is there
     */
    public ByteBuffer rewrite(RecordBatch batch, UnpackedRecords records, BitSet kept, OptionalLong newHorizonMs) {
        RecordOutput output = new RecordOutput(batch.sizeInBytes());
        output.writeZeros(BatchFormat.RECORDS_AT);
        long maxTimestamp = BatchFormat.NO_TIMESTAMP;
        int index = 0;
        records.rewind();
        while (records.next()) {
            if (kept.get(index++)) {
                maxTimestamp = Math.max(maxTimestamp, records.timestamp());
                if (newHorizonMs.isPresent()) {
                    records.copyTo(output, records.timestamp() - newHorizonMs.getAsLong());
                } else {
                    records.copyTo(output);
                }
            }
        }
        CompressionType type = batch.compression();
        ByteBuffer rebuilt = type == CompressionType.NONE ? output.toBuffer() : compress(output, type);
        copyHeader(batch, rebuilt, kept.cardinality());
        if (newHorizonMs.isPresent()) {
            rebuilt.putShort(BatchFormat.ATTRIBUTES_AT, (short) (batch.attributes() | BatchFormat.DELETE_HORIZON_BIT))
                    .putLong(BatchFormat.BASE_TIMESTAMP_AT, newHorizonMs.getAsLong());
        }
        RecordBatch.at(rebuilt, 0).repairMaxTimestamp(maxTimestamp);
        return rebuilt;
    }

    /** The batch without any record: what is left of a producer's last one, so that its sequence stays known. */
    public static ByteBuffer emptied(RecordBatch batch) {
        ByteBuffer empty = ByteBuffer.allocate(BatchFormat.RECORDS_AT);
        copyHeader(batch, empty, 0);
        int kept = batch.attributes() & ~(BatchFormat.COMPRESSION_MASK | BatchFormat.DELETE_HORIZON_BIT);
        empty.putShort(BatchFormat.ATTRIBUTES_AT, (short) kept)
                .putLong(BatchFormat.BASE_TIMESTAMP_AT, BatchFormat.NO_TIMESTAMP);
        RecordBatch.at(empty, 0).repairMaxTimestamp(batch.maxTimestamp());
        return empty;
    }

    private static void copyHeader(RecordBatch batch, ByteBuffer target, int count) {
        target.put(0, batch.buffer(), 0, BatchFormat.RECORDS_AT);
        target.putInt(BatchFormat.LENGTH_AT, RecordBatch.lengthField(target.limit()))
                .putInt(BatchFormat.COUNT_AT, count);
    }

    private ByteBuffer compress(RecordOutput output, CompressionType type) {
        Compression compression =
                preferred.filter(wanted -> wanted.type() == type).orElseGet(() -> Compression.of(type));
        RecordOutput target = new RecordOutput(BatchFormat.RECORDS_AT + output.size() / 2);
        target.writeZeros(BatchFormat.RECORDS_AT);
        try (OutputStream compressor = limits.codecs().compress(compression, target)) {
            output.writeTo(compressor, BatchFormat.RECORDS_AT);
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory failed", impossible);
        }
        return target.toBuffer();
    }
}
