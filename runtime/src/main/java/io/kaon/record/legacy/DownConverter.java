// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.legacy;

import static io.kaon.common.Checks.require;

import io.kaon.record.BatchFormat;
import io.kaon.record.BatchHeader;
import io.kaon.record.BatchHeaderReader;
import io.kaon.record.BatchOutcome;
import io.kaon.record.CompressionType;
import io.kaon.record.FileSlice;
import io.kaon.record.MalformedBatchException;
import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordDetail;
import io.kaon.record.RecordIterator;
import io.kaon.record.RecordLimits;
import io.kaon.record.SliceReadException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Makes message sets of magic 0 (Fetch 0–1) or 1 (Fetch 2–3) of what is stored. As Kafka 3.9 does: offsets stay, so
 * that there may be gaps; control records are left out; headers are dropped; a compressed batch becomes one wrapper with
 * its codec, an uncompressed one as many messages as it has records; zstd cannot be expressed. Unlike there, records below
 * the offset asked for are left out of wrappers too, and the CRC of what is converted is checked, because the new
 * messages would hide what the old one told.
 *
 * <p>Reads batch after batch: beside the result, one batch is in memory as it is stored, and of its records one, up
 * to a bound: past it, the batch cannot be read in the old formats.
 * Stateless; any thread that may block.
 */
public final class DownConverter {
    private static final int FIRST_BYTES = 4 * 1024;

    /** A record of this size is taken out of a compressed batch in any case. */
    static final int ALWAYS_HELD_BYTES = 16 << 20;

    /** A larger one only up to this many times what the batch has, compressed: what is larger yet is an attack. */
    private static final int MAX_GROWTH = 4;

    private final RecordLimits limits;
    private final byte magic;

    /**
     * @param limits the codecs, and how far a batch may be decompressed
     * @param magic 0 or 1
     */
    public DownConverter(RecordLimits limits, int magic) {
        require(magic == LegacyFormat.MAGIC_0 || magic == LegacyFormat.MAGIC_1, "magic %s", magic);
        this.limits = limits;
        this.magic = (byte) magic;
    }

    /**
     * What is asked of one region.
     *
     * @param fromOffset the first record that counts
     * @param room bytes of the set, but for the first message
     * @param isFirst whether the first message comes even if it is larger than the room: of an answer without records
     *     the client would learn nothing (KIP-74)
     * @param cutAt where a first message is cut that is larger still: a client of Fetch 0–2 sees a message without an
     *     end then, and asks for more bytes (C28); {@link Integer#MAX_VALUE} for never
     */
    public record Bounds(long fromOffset, int room, boolean isFirst, int cutAt) {
        private boolean isNothing() {
            return cutAt <= 0 || (room <= 0 && !isFirst);
        }
    }

    /**
     * Converts a region of a log, which begins with a batch; its first batch is taken whole even if the region ends
     * inside it. Blocks. Throws {@link SliceReadException} when the file cannot be read, {@link
     * MalformedBatchException} when what it holds is damaged.
     */
    public Converted convert(FileSlice region, Bounds bounds) {
        if (region.sizeInBytes() == 0 || bounds.isNothing()) {
            return new Converted(ByteBuffer.allocate(0), bounds.fromOffset(), false);
        }
        try {
            long end = Math.max(region.position() + region.sizeInBytes(), endOfFirstBatch(region));
            return new Conversion(bounds)
                    .run(new BatchHeaderReader(region.file().channel(), region.position(), end));
        } catch (IOException failure) {
            throw new SliceReadException(region.file().path(), region.position(), failure);
        }
    }

    private static long endOfFirstBatch(FileSlice region) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(BatchFormat.LOG_OVERHEAD);
        while (head.hasRemaining() && region.file().channel().read(head, region.position() + head.position()) >= 0) {}
        if (head.hasRemaining()) {
            return region.position();
        }
        long end = region.position() + BatchFormat.LOG_OVERHEAD + Math.max(0, head.getInt(BatchFormat.LENGTH_AT));
        return Math.min(end, region.file().channel().size());
    }

    /** One region on its way. */
    private final class Conversion {
        private final Bounds bounds;
        private final SetOutput output = new SetOutput(FIRST_BYTES);
        private final LegacySetBuilder builder = new LegacySetBuilder(magic, limits.codecs(), output);
        private long nextOffset;
        private int keptBytes;
        private boolean isFull;

        Conversion(Bounds bounds) {
            this.bounds = bounds;
            this.nextOffset = bounds.fromOffset();
        }

        /** What stands before damage is good; the reader is told of the damage when it gets there. */
        Converted run(BatchHeaderReader reader) throws IOException {
            try {
                return convert(reader);
            } catch (IOException | MalformedBatchException damage) {
                if (keptBytes == 0) {
                    throw damage;
                }
                output.cutTo(keptBytes);
                return new Converted(output.view(), nextOffset, false);
            }
        }

        private Converted convert(BatchHeaderReader reader) throws IOException {
            BatchOutcome outcome = reader.next();
            while (!isFull && outcome instanceof BatchHeader header) {
                if (isUnsupported(header)) {
                    return new Converted(output.view(), nextOffset, output.size() == 0);
                }
                if (header.isControl() || header.lastOffset() < bounds.fromOffset() || header.count() == 0) {
                    nextOffset = Math.max(nextOffset, header.nextOffset());
                } else {
                    add(reader.read());
                }
                outcome = reader.next();
            }
            return new Converted(output.view(), nextOffset, false);
        }

        private boolean isUnsupported(BatchHeader header) {
            return !header.isControl() && header.compression() == CompressionType.ZSTD;
        }

        private void add(RecordBatch batch) throws IOException {
            if (!batch.isCrcValid()) {
                throw new MalformedBatchException("the CRC of the batch at offset " + batch.baseOffset() + " is wrong");
            }
            builder.timestampType(batch.timestampType());
            if (batch.compression() == CompressionType.NONE) {
                addEach(batch);
            } else {
                addWrapper(batch);
            }
            if (!isFull) {
                nextOffset = batch.nextOffset();
                isFull = output.size() >= bounds.room();
            }
        }

        private void addEach(RecordBatch batch) {
            try (RecordIterator records = recordsOf(batch)) {
                while (!isFull && records.hasNext()) {
                    Record record = records.next();
                    if (record.offset() >= bounds.fromOffset()) {
                        int before = output.size();
                        builder.append(record.offset(), record.timestamp(), record.key(), record.value());
                        keepOrCut(before, record.offset() + 1);
                    }
                }
            }
        }

        private void addWrapper(RecordBatch batch) {
            int before = output.size();
            boolean hasRecords = false;
            builder.beginWrapper(batch.compression());
            try (RecordIterator records = recordsOf(batch)) {
                while (records.hasNext()) {
                    Record record = records.next();
                    if (record.offset() >= bounds.fromOffset()) {
                        builder.append(record.offset(), record.timestamp(), record.key(), record.value());
                        hasRecords = true;
                    }
                }
            } finally {
                builder.closeCompressor();
            }
            if (hasRecords) {
                builder.endWrapper();
                keepOrCut(before, batch.nextOffset());
            } else {
                output.cutTo(before);
            }
        }

        private RecordIterator recordsOf(RecordBatch batch) {
            long maxRecordBytes = Math.max(ALWAYS_HELD_BYTES, MAX_GROWTH * (long) batch.sizeInBytes());
            return batch.records(limits.withMaxRecordBytes(maxRecordBytes), RecordDetail.WITHOUT_HEADERS);
        }

        /** Looks whether there was room for what was written last. */
        private void keepOrCut(int before, long offsetAfter) {
            isFull = output.size() > bounds.room();
            boolean comesNevertheless = before == 0 && (bounds.isFirst() || bounds.room() >= bounds.cutAt());
            if (isFull && !comesNevertheless) {
                output.cutTo(before);
            } else if (output.size() > bounds.cutAt()) {
                output.cutTo(bounds.cutAt());
            } else {
                nextOffset = offsetAfter;
            }
            keptBytes = output.size();
        }
    }
}
