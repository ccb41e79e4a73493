// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.producer;

import io.kaon.record.BatchFormat;
import io.kaon.record.ControlRecord;
import io.kaon.record.ControlRecordType;
import io.kaon.record.MalformedBatchException;
import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.RecordIterator;
import io.kaon.record.RecordLimits;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The end of a transaction in one partition: a control batch with one record.
 *
 * @param producerId whose transaction
 * @param producerEpoch the epoch that the coordinator knows: with transaction.version 2 (KIP-890) one more than that of
 *     the transaction's records, so that what the producer sent before and arrives late is refused
 * @param type {@link ControlRecordType#COMMIT} or {@link ControlRecordType#ABORT}
 * @param coordinatorEpoch the epoch of the coordinator's leadership
 */
public record TransactionMarker(long producerId, short producerEpoch, ControlRecordType type, int coordinatorEpoch) {
    /**
     * Reads a control batch. Empty when it is not about a transaction, or when compaction has taken its record away
     * because nothing is left of the transaction. Throws {@link MalformedBatchException} when the record is none.
     */
    public static Optional<TransactionMarker> of(RecordBatch batch, RecordLimits limits) {
        if (!batch.isControl() || !batch.hasProducerId()) {
            return Optional.empty();
        }
        try (RecordIterator records = batch.records(limits)) {
            return records.hasNext() ? of(batch, records.next()) : Optional.empty();
        }
    }

    private static Optional<TransactionMarker> of(RecordBatch batch, Record record) {
        ControlRecord control = ControlRecord.of(record);
        return control.type().isEndOfTransaction()
                ? Optional.of(new TransactionMarker(
                        batch.producerId(), batch.producerEpoch(), control.type(), control.coordinatorEpoch()))
                : Optional.empty();
    }

    /** The control batch, to be appended as a coordinator does. @param timestamp of its record, in ms */
    public ByteBuffer toBatch(long timestamp) {
        return RecordBatchBuilder.uncompressed()
                .producer(producerId, producerEpoch, BatchFormat.NO_SEQUENCE)
                .transactional()
                .append(timestamp, ControlRecord.endOfTransaction(type, coordinatorEpoch))
                .build();
    }

    public boolean isAbort() {
        return type == ControlRecordType.ABORT;
    }
}
