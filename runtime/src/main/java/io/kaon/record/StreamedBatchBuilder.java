// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import static io.kaon.common.Checks.require;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Builds one batch whose records are compressed as they come, or kept as they are: in memory are the stored form, up to
 * a bound, and one record. For records that come out of another compressed form and may be many times larger than that.
 * One thread, which closes it.
 */
public final class StreamedBatchBuilder implements AutoCloseable {
    private static final int EXPECTED_BYTES = 4 * 1024;

    private final RecordBatchBuilder records = RecordBatchBuilder.uncompressed();
    private final CompressionType type;
    private final RecordOutput target;
    private final int maxBytes;
    private final OutputStream compressor;

    /**
     * @param maxBytes how large the batch may get before {@link #append} says that it is too large
     */
    public StreamedBatchBuilder(Codecs codecs, Compression compression, int maxBytes) {
        this.type = compression.type();
        this.maxBytes = maxBytes;
        this.target = new RecordOutput(EXPECTED_BYTES);
        target.writeZeros(BatchFormat.RECORDS_AT);
        this.compressor = codecs.compress(compression, target);
    }

    /**
     * Appends a record without headers.
     *
     * @param timestampMs in ms, −1 for none
     * @param key from position to limit, or null; not moved
     * @param value from position to limit, or null; not moved
     * @return false when the batch has become larger than it may: there is no use in going on
     */
    public boolean append(long timestampMs, ByteBuffer key, ByteBuffer value) {
        records.append(timestampMs, key, value, List.of());
        try {
            records.drainTo(compressor);
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory failed", impossible);
        }
        return target.size() <= maxBytes;
    }

    /** Records so far. */
    public int count() {
        return records.count();
    }

    /** The batch with base offset 0, which may be larger than the bound; at least one record has come. */
    public RecordBatch build() {
        require(count() > 0, "a batch has at least one record");
        close();
        return RecordBatch.at(records.finish(target.toBuffer(), type), 0);
    }

    /** Gives back what the compressor holds. May be called again. */
    @Override
    public void close() {
        try {
            compressor.close();
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory failed", impossible);
        }
    }
}
