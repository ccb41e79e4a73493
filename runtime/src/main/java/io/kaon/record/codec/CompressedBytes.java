// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A batch's compressed bytes, read front to back, for libraries that want them in an array: the buffer's own where it
 * has one, else a copy in the scratch. Owned by the stream that reads it.
 */
final class CompressedBytes {
    private final ByteBuffer buffer;
    private final Scratch scratch;
    private byte[] array = {};

    /**
     * @param buffer from position to limit; not moved
     */
    CompressedBytes(ByteBuffer buffer, ByteOrder order, Scratch scratch) {
        this.buffer = buffer.slice().order(order);
        this.scratch = scratch;
    }

    int remaining() {
        return buffer.remaining();
    }

    /** The next number without going past it. */
    long peekLong() {
        return buffer.getLong(buffer.position());
    }

    int readInt() throws EOFException {
        need(Integer.BYTES);
        return buffer.getInt();
    }

    void skip(int bytes) throws EOFException {
        need(bytes);
        buffer.position(buffer.position() + bytes);
    }

    /** Goes past that many bytes; they are in {@link #array()} from the index that this returns. */
    int take(int bytes) throws EOFException {
        int from = buffer.position();
        skip(bytes);
        if (buffer.hasArray()) {
            array = buffer.array();
            return buffer.arrayOffset() + from;
        }
        array = scratch.compressed(bytes);
        buffer.get(from, array, 0, bytes);
        return 0;
    }

    /** Where the bytes of the last {@link #take} are. Not to be written to. */
    byte[] array() {
        return array;
    }

    private void need(int bytes) throws EOFException {
        if (bytes < 0 || bytes > buffer.remaining()) {
            throw new EOFException(
                    "the stream ends early: " + bytes + " bytes are needed, " + buffer.remaining() + " are left");
        }
    }
}
