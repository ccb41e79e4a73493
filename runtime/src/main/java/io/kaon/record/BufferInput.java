// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.nio.ByteBuffer;

/** Records that are not compressed: read and sliced where they lie. */
final class BufferInput extends RecordInput {
    private final ByteBuffer bytes;
    private final int start;
    private final int end;
    private int next;

    /**
     * @param bytes holds the records; its position and limit do not count
     * @param start absolute position of the first one
     * @param end absolute position behind the last one
     */
    BufferInput(ByteBuffer bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
        this.next = start;
    }

    @Override
    long position() {
        return next - start;
    }

    @Override
    long remainingAtMost() {
        return end - next;
    }

    @Override
    boolean isAtEnd() {
        return next == end;
    }

    @Override
    byte readByte() {
        if (next < end) {
            return bytes.get(next++);
        }
        throw endedEarly();
    }

    @Override
    void skip(int count) {
        if (count > end - next) {
            throw endedEarly();
        }
        next += count;
    }

    @Override
    ByteBuffer take(int count) {
        int from = next;
        skip(count);
        return bytes.slice(from, count);
    }

    @Override
    public void close() {
        // There is nothing to give back: the buffer belongs to the batch.
    }
}
