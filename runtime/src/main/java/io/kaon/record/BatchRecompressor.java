// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import io.kaon.common.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives valid batches the codec that their topic asks for ({@code compression.type} other than {@code producer}). The
 * bytes of the records pass from one codec to the other as they are, so that records, deltas, headers and everything
 * that the batch's header says stay what they were. Stateless; any thread; takes time in proportion to the records and
 * memory in proportion to {@code max.message.bytes}.
 */
public final class BatchRecompressor {
    private static final int CHUNK_BYTES = 8 * 1024;
    private static final int MIN_EXPECTED_BYTES = 512;

    private final RecordLimits limits;

    /** @param limits the codecs, and how far a batch may be decompressed */
    public BatchRecompressor(RecordLimits limits) {
        this.limits = limits;
    }

    /** Whether a batch is to get another codec. A control batch keeps its own. */
    public static boolean isNeeded(RecordBatch batch, CompressionType wanted) {
        return batch.compression() != wanted && !batch.isControl();
    }

    /**
     * The batches themselves if each has the codec, else new ones, one after the other in one buffer: MESSAGE_TOO_LARGE
     * when one of them gets larger than allowed, INVALID_RECORD when its inside is damaged.
     *
     * @param batches valid ones, each record of which was looked at ({@link InspectionDepth#RECORDS})
     * @param maxMessageBytes {@code max.message.bytes}
     */
    public ValidationOutcome recompress(ValidBatches batches, Compression compression, int maxMessageBytes) {
        if (batches.batches().stream().noneMatch(batch -> isNeeded(batch, compression.type()))) {
            return batches;
        }
        RecordOutput target =
                new RecordOutput(Math.max(MIN_EXPECTED_BYTES, batches.bytes().remaining()));
        try {
            for (RecordBatch batch : batches.batches()) {
                write(batch, compression, new BoundedOutput(target, maxMessageBytes));
            }
        } catch (MalformedBatchException malformed) {
            return InvalidBatches.of(ErrorCode.INVALID_RECORD, malformed.getMessage());
        } catch (BatchTooLargeException tooLarge) {
            return InvalidBatches.of(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "as " + compression.type().kafkaName() + " the batch has more than " + maxMessageBytes
                            + " bytes, which is max.message.bytes");
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory failed", impossible);
        }
        return batchesIn(target.toBuffer());
    }

    private void write(RecordBatch batch, Compression compression, BoundedOutput sink) throws IOException {
        if (!isNeeded(batch, compression.type())) {
            sink.write(batch.buffer());
            return;
        }
        sink.write(batch.buffer().limit(BatchFormat.RECORDS_AT));
        // Closing what compresses ends its last block; the sink has nothing to close.
        try (OutputStream compressor = compression.type() == CompressionType.NONE
                ? sink
                : limits.codecs().compress(compression, sink)) {
            copyRecords(batch, compressor);
        }
        sink.seal(compression.type());
    }

    private void copyRecords(RecordBatch batch, OutputStream sink) throws IOException {
        ByteBuffer stored = batch.buffer().position(BatchFormat.RECORDS_AT).slice();
        if (batch.compression() == CompressionType.NONE) {
            byte[] chunk = new byte[CHUNK_BYTES];
            while (stored.hasRemaining()) {
                int length = Math.min(chunk.length, stored.remaining());
                stored.get(chunk, 0, length);
                sink.write(chunk, 0, length);
            }
            return;
        }
        try (BlockInput records =
                limits.codecs().decompress(batch.compression(), stored, limits.maxDecompressedBytes())) {
            while (records.advance()) {
                sink.write(records.block(), records.blockStart(), records.blockEnd() - records.blockStart());
            }
        }
    }

    private static ValidBatches batchesIn(ByteBuffer bytes) {
        List<RecordBatch> batches = new ArrayList<>();
        for (int position = 0; position < bytes.limit(); ) {
            RecordBatch batch = RecordBatch.at(bytes, position);
            batches.add(batch);
            position += batch.sizeInBytes();
        }
        return new ValidBatches(batches);
    }

    /** One batch on its way into the target, up to the bytes that it may have. */
    private static final class BoundedOutput extends OutputStream {
        private final RecordOutput target;
        private final int start;
        private final int maxBytes;

        BoundedOutput(RecordOutput target, int maxBytes) {
            this.target = target;
            this.start = target.size();
            this.maxBytes = maxBytes;
        }

        @Override
        public void write(int value) throws IOException {
            room(1);
            target.write(value);
        }

        @Override
        public void write(byte[] source, int from, int length) throws IOException {
            room(length);
            target.write(source, from, length);
        }

        void write(ByteBuffer source) throws IOException {
            room(source.remaining());
            target.write(source);
        }

        private void room(int more) throws BatchTooLargeException {
            if (more > maxBytes - (target.size() - start)) {
                throw new BatchTooLargeException();
            }
        }

        /** Makes the header say what is behind it now. */
        void seal(CompressionType type) {
            ByteBuffer bytes = target.toBuffer();
            int others = bytes.getShort(start + BatchFormat.ATTRIBUTES_AT) & ~BatchFormat.COMPRESSION_MASK;
            bytes.putInt(start + BatchFormat.LENGTH_AT, RecordBatch.lengthField(target.size() - start));
            bytes.putShort(start + BatchFormat.ATTRIBUTES_AT, (short) (others | type.id()));
            RecordBatch batch = RecordBatch.at(bytes, start);
            batch.repairMaxTimestamp(batch.maxTimestamp());
        }
    }

    /** A batch has become larger than it may be. */
    private static final class BatchTooLargeException extends IOException {
        private static final long serialVersionUID = 1;
    }
}
