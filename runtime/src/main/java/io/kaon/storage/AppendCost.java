// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.record.BatchFormat;
import io.kaon.record.BatchValidator;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.InspectionDepth;
import io.kaon.record.RecordLimits;
import io.kaon.record.ValidationRules;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Says, by the header of what is to be appended, whether checking and storing it computes for so long that an event
 * loop must not do it. Stateless.
 */
final class AppendCost {
    /**
     * Compressed bytes that an event loop decompresses to check them: a quarter of a millisecond with the slowest codec
     * (gzip), some ten microseconds with the fastest (lz4).
     */
    static final int MAX_INLINE_COMPRESSED_BYTES = 16 << 10;

    /** What an event loop takes out of them at most, whatever they turn out to be: a millisecond's worth. */
    static final int MAX_INLINE_DECOMPRESSED_BYTES = 512 << 10;

    private static final int COMPRESSION_MASK = 0x07;

    private AppendCost() {}

    /** For a thread that must not compute for long: throws {@link io.kaon.record.DecompressionLimitException}. */
    static BatchValidator hurriedValidator(RecordLimits limits) {
        long bytes = Math.min(MAX_INLINE_DECOMPRESSED_BYTES, limits.maxDecompressedBytes());
        return BatchValidator.givingUpAt(new RecordLimits(limits.codecs(), bytes));
    }

    /** @param records batches from position to limit, not checked yet */
    static boolean isHigh(ByteBuffer records, LogOptions options) {
        if (records.remaining() < BatchFormat.RECORDS_AT) {
            return false;
        }
        int codec = records.getShort(records.position() + BatchFormat.ATTRIBUTES_AT) & COMPRESSION_MASK;
        return isForeign(codec, options.storedCompression())
                || codec != CompressionType.NONE.id()
                        && records.remaining() > MAX_INLINE_COMPRESSED_BYTES
                        && looksInside(options.rules());
    }

    private static boolean isForeign(int codec, Optional<Compression> wanted) {
        return wanted.isPresent() && wanted.get().type().id() != codec;
    }

    private static boolean looksInside(ValidationRules rules) {
        return rules.needsKeys()
                || rules.compressedDepth() == InspectionDepth.RECORDS
                || rules.timestampBeforeMaxMs() != Long.MAX_VALUE;
    }
}
