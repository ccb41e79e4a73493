// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import io.kaon.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * A record on its way to the broker, serialized.
 *
 * @param timestampMs the record's own, or that of the call that sent it
 * @param key may be null: the protocol knows records without a key
 * @param value may be null: a tombstone
 * @param acceptedNs when it was handed over, on the clock of {@link System#nanoTime()}
 */
record PendingRecord(
        long timestampMs, byte[] key, byte[] value, List<RecordHeader> headers, long acceptedNs, SendOutcome outcome) {

    static PendingRecord of(ProducerRecord<?, ?> record, byte[] key, byte[] value, SendOutcome outcome) {
        long timestampMs = record.timestamp() == null ? System.currentTimeMillis() : record.timestamp();
        return new PendingRecord(timestampMs, key, value, headers(record.headers()), System.nanoTime(), outcome);
    }

    private static List<RecordHeader> headers(Headers from) {
        List<RecordHeader> headers = List.of();
        for (Header header : from) {
            if (headers.isEmpty()) {
                headers = new ArrayList<>(); // Most records have none.
            }
            byte[] bytes = header.value();
            headers.add(new RecordHeader(header.key(), bytes == null ? null : ByteBuffer.wrap(bytes)));
        }
        return headers;
    }

    /** An upper estimate of what the record takes in a batch. */
    int sizeInBytes() {
        int size = FIXED_BYTES + sizeOf(key) + sizeOf(value);
        if (headers.isEmpty()) {
            return size;
        }
        for (RecordHeader header : headers) {
            size += FIXED_BYTES + header.key().length() * MAX_BYTES_PER_CHAR;
            size += header.hasValue() ? header.value().remaining() : 0;
        }
        return size;
    }

    void succeed(TopicPartition target, long baseOffset, int index, long logAppendTimeMs) {
        long timestamp = logAppendTimeMs < 0 ? timestampMs : logAppendTimeMs;
        outcome.onSent(new RecordMetadata(target, baseOffset, index, timestamp, lengthOf(key), lengthOf(value)));
    }

    void fail(RuntimeException failure) {
        outcome.onFailed(failure);
    }

    private static final int FIXED_BYTES = 21;
    private static final int MAX_BYTES_PER_CHAR = 3;

    private static int sizeOf(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    /** As {@link RecordMetadata} wants it: −1 for null. */
    private static int lengthOf(byte[] bytes) {
        return bytes == null ? -1 : bytes.length;
    }
}
