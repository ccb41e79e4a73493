// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.record.ControlRecordType;
import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.storage.producer.TransactionMarker;
import io.kaon.storage.segment.AbortedTransaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a {@code read_committed} consumer makes of one fetch: as every client does it, from the answer alone. A producer
 * counts as aborted from the first offset of a listed transaction on, until its abort marker.
 */
final class CommittedReader {
    private final Deque<AbortedTransaction> aborted;
    private final Set<Long> abortedProducers = new HashSet<>();
    private final List<String> values = new ArrayList<>();

    /** @param aborted by first offset, which some clients rely on */
    CommittedReader(List<AbortedTransaction> aborted) {
        this.aborted = new ArrayDeque<>(aborted);
    }

    /** The values from an offset on, as {@code offset=value}. */
    List<String> read(List<RecordBatch> batches, long from) {
        for (RecordBatch batch : batches) {
            while (!aborted.isEmpty() && aborted.getFirst().firstOffset() <= batch.lastOffset()) {
                abortedProducers.add(aborted.removeFirst().producerId());
            }
            if (batch.isControl()) {
                onControl(batch);
            } else if (!batch.isTransactional() || !abortedProducers.contains(batch.producerId())) {
                onData(batch, from);
            }
        }
        return values;
    }

    private void onControl(RecordBatch batch) {
        Optional<TransactionMarker> marker = TransactionMarker.of(batch, StorageFixture.LIMITS);
        if (marker.isPresent() && marker.get().type() == ControlRecordType.ABORT) {
            abortedProducers.remove(batch.producerId());
        }
    }

    private void onData(RecordBatch batch, long from) {
        for (Record record : batch.records(StorageFixture.LIMITS)) {
            if (record.offset() >= from) {
                values.add(record.offset() + "="
                        + StandardCharsets.UTF_8.decode(record.value().duplicate()));
            }
        }
    }
}
