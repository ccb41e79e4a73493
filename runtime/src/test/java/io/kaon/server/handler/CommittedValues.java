// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.record.BatchReader;
import io.kaon.record.ControlRecord;
import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordLimits;
import io.kaon.record.codec.StandardCodecs;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.FetchResponse;
import io.kaon.wire.message.FetchResponse.AbortedTransaction;
import io.kaon.wire.message.FetchResponse.PartitionData;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a {@code read_committed} consumer makes of a topic's partition 0, done as clients do it. */
final class CommittedValues {
    private static final byte READ_COMMITTED = 1;
    private static final int VERSION = 12;

    private CommittedValues() {}

    static List<String> of(TestBroker broker, String topic) {
        FetchRequest request = Batches.fetch(topic, broker.idOf(topic), 0)
                .setIsolationLevel(READ_COMMITTED)
                .setMaxWaitMs(0);
        FetchResponse response = broker.call(ApiKey.FETCH, VERSION, request);
        PartitionData data = response.responses().get(0).partitions().get(0);
        try {
            return values(data);
        } finally {
            data.records().release();
        }
    }

    private static List<String> values(PartitionData data) {
        RecordLimits limits = RecordLimits.of(new StandardCodecs());
        List<AbortedTransaction> aborted = data.abortedTransactions() == null ? List.of() : data.abortedTransactions();
        List<AbortedTransaction> ahead = new ArrayList<>(aborted);
        Set<Long> producers = new HashSet<>();
        List<String> values = new ArrayList<>();
        for (RecordBatch batch : BatchReader.split(data.records().toBuffer()).batches()) {
            while (!ahead.isEmpty() && ahead.get(0).firstOffset() <= batch.lastOffset()) {
                producers.add(ahead.remove(0).producerId());
            }
            if (batch.isControl()) {
                onMarker(batch, limits, producers);
            } else if (!batch.isTransactional() || !producers.contains(batch.producerId())) {
                for (Record record : batch.records(limits)) {
                    values.add(StandardCharsets.UTF_8.decode(record.value()).toString());
                }
            }
        }
        return values;
    }

    private static void onMarker(RecordBatch batch, RecordLimits limits, Set<Long> producers) {
        for (Record record : batch.records(limits)) {
            if (ControlRecord.of(record).type().isEndOfTransaction()) {
                producers.remove(batch.producerId());
            }
        }
    }
}
