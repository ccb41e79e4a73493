// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import static io.kaon.record.BatchFormat.ATTRIBUTES_AT;
import static io.kaon.record.BatchFormat.BASE_SEQUENCE_AT;
import static io.kaon.record.BatchFormat.BASE_TIMESTAMP_AT;
import static io.kaon.record.BatchFormat.COMPRESSION_MASK;
import static io.kaon.record.BatchFormat.CONTROL_BIT;
import static io.kaon.record.BatchFormat.COUNT_AT;
import static io.kaon.record.BatchFormat.CRC_AT;
import static io.kaon.record.BatchFormat.DELETE_HORIZON_BIT;
import static io.kaon.record.BatchFormat.LAST_OFFSET_DELTA_AT;
import static io.kaon.record.BatchFormat.LENGTH_AT;
import static io.kaon.record.BatchFormat.LOG_APPEND_TIME_BIT;
import static io.kaon.record.BatchFormat.LOG_OVERHEAD;
import static io.kaon.record.BatchFormat.MAGIC_AT;
import static io.kaon.record.BatchFormat.MAX_TIMESTAMP_AT;
import static io.kaon.record.BatchFormat.NO_SEQUENCE;
import static io.kaon.record.BatchFormat.PARTITION_LEADER_EPOCH_AT;
import static io.kaon.record.BatchFormat.PRODUCER_EPOCH_AT;
import static io.kaon.record.BatchFormat.PRODUCER_ID_AT;
import static io.kaon.record.BatchFormat.RECORDS_AT;
import static io.kaon.record.BatchFormat.TRANSACTIONAL_BIT;

import java.nio.ByteBuffer;

/**
 * The header of a batch of magic 2, read in place: see {@link BatchFormat} for the layout. It holds no copy, so what
 * it says changes with the buffer. As itself it stands for a batch of which only the header is in memory ({@link
 * BatchHeaderReader}); {@link RecordBatch} has the whole batch. Nothing here checks that the header makes sense.
 */
public sealed class BatchHeader implements BatchOutcome permits RecordBatch {
    final ByteBuffer buffer;
    final int position;

    BatchHeader(ByteBuffer buffer, int position) {
        if (position < 0 || buffer.limit() - position < RECORDS_AT) {
            throw new IllegalArgumentException("a batch header has " + RECORDS_AT + " bytes; from position " + position
                    + " the buffer has " + (buffer.limit() - position));
        }
        this.buffer = buffer;
        this.position = position;
    }

    /** Offset of the first record. */
    public final long baseOffset() {
        return buffer.getLong(position);
    }

    /** Offset of the last record, which compaction may have removed. */
    public final long lastOffset() {
        return baseOffset() + lastOffsetDelta();
    }

    /** The offset after this batch. */
    public final long nextOffset() {
        return lastOffset() + 1;
    }

    /** Distance of the last offset from the base offset. */
    public final int lastOffsetDelta() {
        return buffer.getInt(position + LAST_OFFSET_DELTA_AT);
    }

    /** Size of the whole batch with its header, in bytes, as the length field says. */
    public final int sizeInBytes() {
        return buffer.getInt(position + LENGTH_AT) + LOG_OVERHEAD;
    }

    /** Epoch of the leader that appended the batch, −1 as sent by a producer. */
    public final int partitionLeaderEpoch() {
        return buffer.getInt(position + PARTITION_LEADER_EPOCH_AT);
    }

    public final byte magic() {
        return buffer.get(position + MAGIC_AT);
    }

    /** The CRC-32C that the header carries, as an unsigned number. */
    public final long crc() {
        return Integer.toUnsignedLong(buffer.getInt(position + CRC_AT));
    }

    public final short attributes() {
        return buffer.getShort(position + ATTRIBUTES_AT);
    }

    /** Timestamp from which the records' deltas count, in ms; the delete horizon if {@link #hasDeleteHorizon()}. */
    public final long baseTimestamp() {
        return buffer.getLong(position + BASE_TIMESTAMP_AT);
    }

    /** Largest timestamp of the records in ms, or the time of the append with {@link TimestampType#LOG_APPEND_TIME}. */
    public final long maxTimestamp() {
        return buffer.getLong(position + MAX_TIMESTAMP_AT);
    }

    /** Id of the idempotent or transactional producer, negative for none. */
    public final long producerId() {
        return buffer.getLong(position + PRODUCER_ID_AT);
    }

    public final short producerEpoch() {
        return buffer.getShort(position + PRODUCER_EPOCH_AT);
    }

    /** Sequence number of the first record, −1 for none. */
    public final int baseSequence() {
        return buffer.getInt(position + BASE_SEQUENCE_AT);
    }

    /** Sequence number of the last record, wrapped past {@link Integer#MAX_VALUE} to 0; −1 for none. */
    public final int lastSequence() {
        int baseSequence = baseSequence();
        return baseSequence == NO_SEQUENCE ? NO_SEQUENCE : Sequences.add(baseSequence, lastOffsetDelta());
    }

    /**
     * The largest timestamp of the records that are here, ms, −1 for none. Compaction leaves batches without records,
     * whose header still tells what was there: no search by time may end at one.
     */
    public final long maxRecordTimestamp() {
        return count() == 0 ? BatchFormat.NO_TIMESTAMP : maxTimestamp();
    }

    /** How many records the batch says it has. */
    public final int count() {
        return buffer.getInt(position + COUNT_AT);
    }

    public final boolean isTransactional() {
        return hasAttribute(TRANSACTIONAL_BIT);
    }

    /** Whether the batch holds a control record (end of a transaction, change of leader) and no user's records. */
    public final boolean isControl() {
        return hasAttribute(CONTROL_BIT);
    }

    public final boolean hasProducerId() {
        return producerId() >= 0;
    }

    /** Whether the log cleaner put a delete horizon into the base timestamp (KIP-534). */
    public final boolean hasDeleteHorizon() {
        return hasAttribute(DELETE_HORIZON_BIT);
    }

    /** How the records are compressed; throws {@link MalformedBatchException} if the attributes name no known codec. */
    public final CompressionType compression() {
        int id = compressionId();
        return CompressionType.of(id)
                .orElseThrow(() -> new MalformedBatchException("no compression type has the number " + id));
    }

    /** The three bits that name the codec, 0 to 7; only 0 to 4 are known. */
    final int compressionId() {
        return attributes() & COMPRESSION_MASK;
    }

    public final TimestampType timestampType() {
        return hasAttribute(LOG_APPEND_TIME_BIT) ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
    }

    private boolean hasAttribute(int bit) {
        return (attributes() & bit) != 0;
    }

    /** For messages and logs: place, size and producer, never contents. */
    @Override
    public String toString() {
        return "batch(offsets " + baseOffset() + " to " + lastOffset() + ", leader epoch " + partitionLeaderEpoch()
                + ", " + sizeInBytes() + " bytes, " + count() + " records, producer " + producerId() + "/"
                + producerEpoch()
                + ", base sequence " + baseSequence() + ", attributes " + attributes() + ")";
    }
}
