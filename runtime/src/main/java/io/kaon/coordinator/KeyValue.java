// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import io.kaon.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A record of an internal topic as bytes: a key with its type in front, and a value, or none (a tombstone). The buffers
 * are read through duplicates and never changed.
 */
public final class KeyValue {
    private final ByteBuffer key;
    private final ByteBuffer value;

    private KeyValue(ByteBuffer key, ByteBuffer value) {
        this.key = key;
        this.value = value;
    }

    public static KeyValue of(ByteBuffer key, ByteBuffer value) {
        return new KeyValue(key, value);
    }

    /** A record that says: what this key held is gone. */
    public static KeyValue tombstone(ByteBuffer key) {
        return new KeyValue(key, null);
    }

    /** A view of the key of its own position. */
    public ByteBuffer key() {
        return key.duplicate();
    }

    /** A view of the value of its own position; empty for a tombstone. */
    public Optional<ByteBuffer> value() {
        return value == null ? Optional.empty() : Optional.of(value.duplicate());
    }

    /** Appends it to a batch, which copies it and moves nothing: without a view of each buffer. */
    void appendTo(RecordBatchBuilder batch, long timestampMs) {
        batch.append(timestampMs, key, value, List.of());
    }

    /** Bytes of key and value, without what a batch adds. */
    public int sizeInBytes() {
        return key.remaining() + (value == null ? 0 : value.remaining());
    }
}
