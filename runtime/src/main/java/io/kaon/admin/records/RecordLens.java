// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordIterator;
import io.kaon.record.RecordLimits;
import io.kaon.record.TimestampType;
import java.util.Optional;
import java.util.function.Predicate;

/** How the records of one partition become what is shown. Immutable. */
final class RecordLens {
    /** Of a compressed batch no larger record is taken: it would be in memory as a whole. */
    private static final long MAX_RECORD_BYTES = 64L << 20;

    private final String topic;
    private final int partition;
    private final RecordLimits limits;
    private final Predicate<Record> filter;
    private final int maxBytes;

    RecordLens(String topic, int partition, RecordLimits limits, Optional<TextSearch> search, int maxBytes) {
        this.topic = topic;
        this.partition = partition;
        this.limits = limits.withMaxRecordBytes(MAX_RECORD_BYTES);
        this.filter = search.<Predicate<Record>>map(text -> text::matches).orElse(record -> true);
        this.maxBytes = maxBytes;
    }

    int partition() {
        return partition;
    }

    /** The records of a batch from an offset on. The caller closes it. */
    RecordIterator records(RecordBatch batch, long from) {
        return batch.records(limits).from(from);
    }

    /** Whether it is what was searched for. */
    boolean isMatch(Record record) {
        return filter.test(record);
    }

    /** Looks at a record: a copy of what is shown. */
    Seen look(Record record, TimestampType type) {
        return new Seen(record.offset(), record.timestamp(), isMatch(record) ? show(record, type) : null);
    }

    ShownRecord show(Record record, TimestampType type) {
        return ShownRecord.of(new RecordPlace(topic, partition, record.offset()), type, record, maxBytes);
    }
}
