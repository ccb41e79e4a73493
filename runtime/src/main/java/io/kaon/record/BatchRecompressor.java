// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import io.kaon.common.ErrorCode;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Rebuilds a valid batch of a producer with the codec that its topic asks for ({@code compression.type} other than
 * {@code producer}). Stateless; any thread; takes time in proportion to the records.
 */
public final class BatchRecompressor {
    private final RecordLimits limits;

    /**
     * @param limits the codecs, and how far a batch may be decompressed
     */
    public BatchRecompressor(RecordLimits limits) {
        this.limits = limits;
    }

    /**
     * The batch itself if it has the codec, else a new one with the same records, producer, timestamps and attributes;
     * INVALID_RECORD if its inside is damaged. The new one may be larger than {@code max.message.bytes}; ask its size.
     */
    public ValidationOutcome recompress(RecordBatch batch, Compression compression) {
        if (batch.compression() == compression.type()) {
            return new ValidBatches(List.of(batch));
        }
        RecordBatchBuilder builder = RecordBatchBuilder.compressed(limits.codecs(), compression)
                .baseOffset(batch.baseOffset())
                .partitionLeaderEpoch(batch.partitionLeaderEpoch())
                .producer(batch.producerId(), batch.producerEpoch(), batch.baseSequence());
        if (batch.isTransactional()) {
            builder.transactional();
        }
        if (batch.timestampType() == TimestampType.LOG_APPEND_TIME) {
            builder.logAppendTime(batch.maxTimestamp());
        }
        try (RecordIterator records = batch.records(limits)) {
            while (records.hasNext()) {
                Record record = records.next();
                builder.append(record.timestamp(), record.key(), record.value(), record.headers());
            }
        } catch (MalformedBatchException malformed) {
            return InvalidBatches.of(ErrorCode.INVALID_RECORD, malformed.getMessage());
        }
        if (builder.count() != batch.lastOffsetDelta() + 1) {
            return InvalidBatches.of(ErrorCode.INVALID_RECORD, "the records of " + batch + " have gaps");
        }
        ByteBuffer rebuilt = builder.build();
        return new ValidBatches(List.of(RecordBatch.at(rebuilt, 0)));
    }
}
