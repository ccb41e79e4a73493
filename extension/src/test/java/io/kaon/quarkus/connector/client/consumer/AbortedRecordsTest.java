// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.record.ControlRecord;
import io.kaon.record.ControlRecordType;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.RecordLimits;
import io.kaon.record.codec.StandardCodecs;
import io.kaon.wire.message.FetchResponse.AbortedTransaction;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AbortedRecordsTest {
    private static final long A = 1;
    private static final long B = 2;

    private final List<RecordBatch> log = new ArrayList<>();

    @Test
    void shouldContainBatchesOfAbortedTransactionUpToItsMarker() {
        // Given
        transactional(A); // 0
        transactional(B); // 1
        plain(); // 2
        transactional(A); // 3
        end(A, ControlRecordType.ABORT); // 4
        transactional(A); // 5
        end(B, ControlRecordType.COMMIT); // 6

        // When
        List<Long> contained = contained(aborted(A, 0));

        // Then
        assertThat(contained).containsExactly(0L, 3L);
    }

    @Test
    void shouldContainSecondTransactionOfProducerToo() {
        // Given
        transactional(A); // 0
        end(A, ControlRecordType.ABORT); // 1
        transactional(A); // 2
        end(A, ControlRecordType.COMMIT); // 3
        transactional(A); // 4
        end(A, ControlRecordType.ABORT); // 5

        // When
        List<Long> contained = contained(aborted(A, 4), aborted(A, 0));

        // Then
        assertThat(contained).containsExactly(0L, 4L);
    }

    @Test
    void shouldContainNothingWithoutAbortedTransactions() {
        // Given
        transactional(A);
        end(A, ControlRecordType.ABORT);

        // When
        List<Long> contained = contained();

        // Then
        assertThat(contained).isEmpty();
    }

    private List<Long> contained(AbortedTransaction... transactions) {
        AbortedRecords aborted = new AbortedRecords(List.of(transactions), RecordLimits.of(new StandardCodecs()));
        return log.stream()
                .filter(aborted::contain)
                .map(RecordBatch::baseOffset)
                .toList();
    }

    private static AbortedTransaction aborted(long producerId, long firstOffset) {
        return new AbortedTransaction().setProducerId(producerId).setFirstOffset(firstOffset);
    }

    private void transactional(long producerId) {
        add(RecordBatchBuilder.uncompressed()
                .producer(producerId, (short) 0, 0)
                .transactional()
                .append(1, null, new byte[] {1}));
    }

    private void plain() {
        add(RecordBatchBuilder.uncompressed().append(1, null, new byte[] {1}));
    }

    private void end(long producerId, ControlRecordType type) {
        add(RecordBatchBuilder.uncompressed()
                .producer(producerId, (short) 0, -1)
                .transactional()
                .control()
                .append(1, ControlRecord.endOfTransaction(type, 7)));
    }

    private void add(RecordBatchBuilder batch) {
        log.add(RecordBatch.at(batch.baseOffset(log.size()).build(), 0));
    }
}
