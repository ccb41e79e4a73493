// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import static io.kaon.common.Checks.require;

/**
 * How far reading the records of a batch goes: with which codecs, and how many bytes may come out of one batch.
 *
 * @param codecs decompress what is compressed
 * @param maxDecompressedBytes bytes that the records of one batch may have, decompressed
 * @param maxRecordBytes bytes that one record of a compressed batch may have, if its key and value are taken
 */
public record RecordLimits(Codecs codecs, long maxDecompressedBytes, long maxRecordBytes) {
    /**
     * What one batch may decompress to unless an option says otherwise: 128 MiB, a hundred times the default of
     * {@code max.message.bytes}.
     */
    public static final long DEFAULT_MAX_DECOMPRESSED_BYTES = 128L << 20;

    public RecordLimits {
        require(maxDecompressedBytes >= 1, "maxDecompressedBytes must be at least 1, was %s", maxDecompressedBytes);
    }

    /** Where a record may be as large as its batch. */
    public RecordLimits(Codecs codecs, long maxDecompressedBytes) {
        this(codecs, maxDecompressedBytes, maxDecompressedBytes);
    }

    /** The same with another bound for what is in memory at a time. */
    public RecordLimits withMaxRecordBytes(long bytes) {
        return new RecordLimits(codecs, maxDecompressedBytes, bytes);
    }

    /** The default limit. */
    public static RecordLimits of(Codecs codecs) {
        return new RecordLimits(codecs, DEFAULT_MAX_DECOMPRESSED_BYTES);
    }
}
