// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import io.kaon.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * A record on its way to the broker, serialized.
 *
 * @param timestampMs the record's own, or that of the call that sent it
 * @param key may be null: the protocol knows records without a key
 * @param value may be null: a tombstone
 * @param callback may be null: Kafka's API allows it
 */
record PendingRecord(
        long timestampMs,
        byte[] key,
        byte[] value,
        List<RecordHeader> headers,
        CompletableFuture<RecordMetadata> result,
        Callback callback) {

    static PendingRecord of(
            ProducerRecord<?, ?> record,
            byte[] key,
            byte[] value,
            CompletableFuture<RecordMetadata> result,
            Callback callback) {
        long timestampMs = record.timestamp() == null ? System.currentTimeMillis() : record.timestamp();
        List<RecordHeader> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            byte[] bytes = header.value();
            headers.add(new RecordHeader(header.key(), bytes == null ? null : ByteBuffer.wrap(bytes)));
        }
        return new PendingRecord(timestampMs, key, value, headers, result, callback);
    }

    /** An upper estimate of what the record takes in a batch. */
    int sizeInBytes() {
        int size = FIXED_BYTES + sizeOf(key) + sizeOf(value);
        for (RecordHeader header : headers) {
            size += FIXED_BYTES + header.key().length() * MAX_BYTES_PER_CHAR;
            size += header.hasValue() ? header.value().remaining() : 0;
        }
        return size;
    }

    void succeed(TopicPartition target, long baseOffset, int index, long logAppendTimeMs) {
        long timestamp = logAppendTimeMs < 0 ? timestampMs : logAppendTimeMs;
        complete(new RecordMetadata(target, baseOffset, index, timestamp, lengthOf(key), lengthOf(value)), null);
    }

    void fail(RuntimeException failure) {
        complete(null, failure);
    }

    private void complete(RecordMetadata metadata, RuntimeException failure) {
        if (callback != null) {
            callback.onCompletion(metadata, failure);
        }
        if (failure == null) {
            result.complete(metadata);
        } else {
            result.completeExceptionally(failure);
        }
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
