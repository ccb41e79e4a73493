// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import static io.kaon.record.BatchFormat.LENGTH_AT;
import static io.kaon.record.BatchFormat.LOG_OVERHEAD;
import static io.kaon.record.BatchFormat.MAGIC;
import static io.kaon.record.BatchFormat.MAGIC_AT;
import static io.kaon.record.BatchFormat.MIN_LENGTH_OF_ANY_MAGIC;
import static io.kaon.record.BatchFormat.RECORDS_AT;

import io.kaon.record.MalformedBatch.Flaw;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the batches in a buffer where one follows the other: a produced record set, a fetched one, a piece of a
 * segment. It looks at length and magic only; the CRC is the caller's to ask. The buffer's position is not moved.
 * Positions in the answers are the buffer's own, absolute. One thread.
 */
public final class BatchReader {
    private final ByteBuffer buffer;
    private int next;

    /**
     * @param buffer big-endian, from its position to its limit
     */
    public BatchReader(ByteBuffer buffer) {
        this.buffer = buffer;
        this.next = buffer.position();
    }

    /** The next batch as a {@link RecordBatch}, or why there is none; after that it stays the same answer. */
    public BatchOutcome next() {
        BatchOutcome outcome = look(buffer, next, next, buffer.limit() - next);
        if (outcome == FITS) {
            RecordBatch batch = RecordBatch.at(buffer, next);
            next += batch.sizeInBytes();
            return batch;
        }
        return outcome;
    }

    /**
     * Everything there is.
     *
     * @param batches the whole batches, in their order
     * @param validBytes how many bytes they take
     * @param end what came after the last one: never a batch
     */
    public record Split(List<RecordBatch> batches, int validBytes, BatchOutcome end) {
        public Split {
            batches = List.copyOf(batches);
        }
    }

    /** All whole batches from the buffer's position on, and what stopped it. */
    public static Split split(ByteBuffer buffer) {
        BatchReader reader = new BatchReader(buffer);
        List<RecordBatch> batches = new ArrayList<>();
        BatchOutcome outcome = reader.next();
        while (outcome instanceof RecordBatch batch) {
            batches.add(batch);
            outcome = reader.next();
        }
        return new Split(batches, reader.next - buffer.position(), outcome);
    }

    /** What {@link #look} answers when a whole batch is there. */
    static final BatchOutcome FITS = new EndOfBatches(-1);

    /**
     * Looks at the first bytes of what should be a batch.
     *
     * @param buffer holds them at {@code at}: all of them, or at least a header's worth
     * @param at absolute position in the buffer
     * @param position what to name in the answer
     * @param left bytes that there are, in the buffer or in the file behind it
     */
    static BatchOutcome look(ByteBuffer buffer, int at, long position, long left) {
        if (left == 0) {
            return new EndOfBatches(position);
        }
        if (left < LOG_OVERHEAD) {
            return new TruncatedBatch(position, left);
        }
        int length = buffer.getInt(at + LENGTH_AT);
        if (length < MIN_LENGTH_OF_ANY_MAGIC) {
            return tooShort(position, length, MIN_LENGTH_OF_ANY_MAGIC);
        }
        if (left <= MAGIC_AT) {
            return new TruncatedBatch(position, left);
        }
        byte magic = buffer.get(at + MAGIC_AT);
        if (magic < 0 || magic > MAGIC) {
            return wrongMagic(position, magic, Flaw.UNKNOWN_MAGIC);
        }
        if (magic == MAGIC && length < RECORDS_AT - LOG_OVERHEAD) {
            return tooShort(position, length, RECORDS_AT - LOG_OVERHEAD);
        }
        // A length near the largest int plus the overhead is more than an int holds.
        if ((long) length + LOG_OVERHEAD > left) {
            return new TruncatedBatch(position, left);
        }
        return magic == MAGIC ? FITS : wrongMagic(position, magic, Flaw.LEGACY_MAGIC);
    }

    private static MalformedBatch tooShort(long position, int length, int minLength) {
        return new MalformedBatch(
                position,
                Flaw.SHORT_LENGTH,
                "the length field of the batch at " + position + " is " + length + ", at least " + minLength
                        + " is needed");
    }

    private static MalformedBatch wrongMagic(long position, byte magic, Flaw flaw) {
        return new MalformedBatch(
                position, flaw, "the batch at " + position + " has magic " + magic + " instead of " + MAGIC);
    }
}
