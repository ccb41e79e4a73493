// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.record.BatchFormat;
import io.kaon.record.legacy.LegacySets;
import io.kaon.storage.producer.ProducerBatch;
import java.nio.ByteBuffer;

/**
 * The rules of Produce that depend on the request: what one partition of it may carry. Everything about the batch
 * itself is the log's to check; bytes too short for these questions pass on to it.
 *
 * <pre>
 *  byte   field of a batch
 *   0     base offset (8)
 *   8     length of what follows it (4)
 *  12     leader epoch (4)
 *  16     magic (1)
 *  17     CRC (4)
 *  21     attributes (2): bits 0–2 compression, bit 4 transactional
 *  23     last offset delta (4)
 *  35     largest timestamp (8)
 *  43     producer id (8)
 *  51     producer epoch (2)
 *  53     base sequence (4)
 *  57     count (4)
 * </pre>
 */
final class ProducedBatch {
    private static final int LENGTH_INDEX = 8;
    private static final int LENGTH_END = 12;
    /** Of a batch without records; a shorter one is corrupt (C32), which the log says. */
    private static final int MIN_LENGTH = 49;

    private static final int MAGIC_INDEX = 16;
    private static final int ATTRIBUTES_INDEX = 21;
    private static final int ATTRIBUTES_END = 23;
    private static final byte CURRENT_MAGIC = 2;
    /** Before, a partition has a message set of the old formats, or one batch; the set may be empty (Kafka 3.9). */
    static final int FIRST_VERSION_WITH_BATCHES = 3;

    private static final int COMPRESSION_MASK = 0x07;
    private static final int ZSTD = 4;
    private static final int TRANSACTIONAL = 0x10;
    /** Clients below this version may not know zstd (KIP-110). */
    private static final int FIRST_VERSION_WITH_ZSTD = 7;

    private ProducedBatch() {}

    /**
     * NONE, or why a request of this version may not carry these bytes. From version 3 a partition has exactly one
     * batch.
     *
     * @param records from position to limit
     */
    static ErrorCode problem(ByteBuffer records, short version) {
        int start = records.position();
        int size = records.remaining();
        boolean mayBeSet = version < FIRST_VERSION_WITH_BATCHES;
        if (!mayBeSet && (size == 0 || LegacySets.isLegacy(records))) {
            return ErrorCode.INVALID_RECORD;
        }
        if (size < ATTRIBUTES_END || records.get(start + MAGIC_INDEX) != CURRENT_MAGIC) {
            return ErrorCode.NONE;
        }
        int length = records.getInt(start + LENGTH_INDEX);
        if (!mayBeSet && length >= MIN_LENGTH && length < size - LENGTH_END) {
            return ErrorCode.INVALID_RECORD;
        }
        int attributes = records.getShort(start + ATTRIBUTES_INDEX);
        boolean isZstd = (attributes & COMPRESSION_MASK) == ZSTD;
        return isZstd && version < FIRST_VERSION_WITH_ZSTD ? ErrorCode.UNSUPPORTED_COMPRESSION_TYPE : ErrorCode.NONE;
    }

    /**
     * Whether the bytes are a whole header of a batch that belongs to somebody's transaction. Without a producer id it
     * is invalid, which the log says.
     */
    static boolean isTransactional(ByteBuffer records) {
        int start = records.position();
        return records.remaining() >= BatchFormat.RECORDS_AT
                && records.get(start + MAGIC_INDEX) == CURRENT_MAGIC
                && (records.getShort(start + ATTRIBUTES_INDEX) & TRANSACTIONAL) != 0
                && records.getLong(start + BatchFormat.PRODUCER_ID_AT) >= 0;
    }

    /** What a transactional batch says of its producer; nothing of it is checked yet. */
    static ProducerBatch transactional(ByteBuffer records) {
        int start = records.position();
        return new ProducerBatch(
                records.getLong(start + BatchFormat.PRODUCER_ID_AT),
                records.getShort(start + BatchFormat.PRODUCER_EPOCH_AT),
                records.getInt(start + BatchFormat.BASE_SEQUENCE_AT),
                records.getInt(start + BatchFormat.LAST_OFFSET_DELTA_AT),
                records.getLong(start + BatchFormat.MAX_TIMESTAMP_AT),
                true);
    }
}
