// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.nio.ByteBuffer;

/**
 * A record by which brokers speak to each other and to consumers: the only record of its control batch.
 *
 * <pre>
 *  key    version 2 (0) | type 2
 *  value of abort and commit: version 2 (0) | coordinator epoch 4
 * </pre>
 *
 * @param type what it says
 * @param value what belongs to the type, from position to limit
 */
public record ControlRecord(ControlRecordType type, ByteBuffer value) {
    private static final short VERSION = 0;
    private static final int KEY_BYTES = 4;
    private static final int MARKER_BYTES = 6;

    /** The end of a transaction, {@link ControlRecordType#ABORT} or {@link ControlRecordType#COMMIT}. */
    public static ControlRecord endOfTransaction(ControlRecordType type, int coordinatorEpoch) {
        return new ControlRecord(
                type,
                ByteBuffer.allocate(MARKER_BYTES)
                        .putShort(VERSION)
                        .putInt(coordinatorEpoch)
                        .flip());
    }

    /** Reads a record of a control batch; throws {@link MalformedBatchException} if it is none. */
    public static ControlRecord of(Record record) {
        if (!record.hasKey() || !record.hasValue() || record.key().remaining() < KEY_BYTES) {
            throw new MalformedBatchException("the control record at offset " + record.offset() + " has no type");
        }
        ByteBuffer key = record.key();
        short version = key.getShort(key.position());
        if (version < 0) {
            throw new MalformedBatchException(
                    "the control record at offset " + record.offset() + " has version " + version);
        }
        return new ControlRecord(
                ControlRecordType.of(key.getShort(key.position() + Short.BYTES)),
                record.value().duplicate());
    }

    /** The epoch of the coordinator that ended the transaction; only for abort and commit. */
    public int coordinatorEpoch() {
        if (!type.isEndOfTransaction() || value.remaining() < MARKER_BYTES) {
            throw new MalformedBatchException("a control record of type " + type + " has no coordinator epoch");
        }
        return value.getInt(value.position() + Short.BYTES);
    }

    ByteBuffer key() {
        return ByteBuffer.allocate(KEY_BYTES)
                .putShort(VERSION)
                .putShort(type.id())
                .flip();
    }
}
