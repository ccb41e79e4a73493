// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.ErrorCode;
import io.kaon.record.MalformedBatchException;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordLimits;
import io.kaon.storage.producer.ProducerBatch;
import io.kaon.storage.producer.ProducerStates;
import io.kaon.storage.producer.ProducerVerdict;
import io.kaon.storage.producer.TransactionMarker;
import io.kaon.storage.producer.VerificationGuard;
import java.util.List;
import java.util.Optional;

/**
 * Whether the producers of what is to be appended may write it now: their epochs, sequences and transactions. Changes
 * nothing. Owned by the log's owner.
 *
 * @param producers those that are known
 * @param origin who appends
 * @param limits how far a batch may be decompressed
 * @param guard what stands for a batch that begins a transaction
 */
record ProducerCheck(ProducerStates producers, AppendOrigin origin, RecordLimits limits, VerificationGuard guard) {
    /** What is to be said of all the batches: that of the first one that may not be appended. */
    ProducerVerdict verdictOn(List<RecordBatch> batches) {
        for (RecordBatch batch : batches) {
            ProducerVerdict verdict = batch.hasProducerId() ? verdictOn(batch) : ProducerVerdict.NEXT;
            if (verdict != ProducerVerdict.NEXT) {
                return verdict;
            }
        }
        return ProducerVerdict.NEXT;
    }

    private ProducerVerdict verdictOn(RecordBatch batch) {
        if (batch.isControl()) {
            return verdictOnMarker(batch);
        }
        ProducerBatch said = ProducerBatch.of(batch);
        return origin == AppendOrigin.CLIENT ? producers.check(said, guard) : producers.checkWithoutSequence(said);
    }

    private ProducerVerdict verdictOnMarker(RecordBatch batch) {
        try {
            Optional<TransactionMarker> marker = TransactionMarker.of(batch, limits);
            return marker.isPresent() ? producers.check(marker.get(), origin.markerEpochs()) : ProducerVerdict.NEXT;
        } catch (MalformedBatchException malformed) {
            return new ProducerVerdict.Refused(ErrorCode.INVALID_RECORD, malformed.getMessage());
        }
    }
}
