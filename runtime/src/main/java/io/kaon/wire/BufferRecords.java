// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

import java.nio.ByteBuffer;

/** Record bytes in memory. Owns nothing: the memory lives as long as the buffer that it was cut from. */
public final class BufferRecords implements RecordBytes {
    /** No record at all, which is not the same on the wire as {@code null}. */
    public static final BufferRecords EMPTY = new BufferRecords(ByteBuffer.allocate(0));

    private final ByteBuffer bytes;

    /** Takes what lies between position and limit, as a view. */
    public BufferRecords(ByteBuffer bytes) {
        this.bytes = bytes.slice();
    }

    @Override
    public int sizeInBytes() {
        return bytes.remaining();
    }

    @Override
    public ByteBuffer toBuffer() {
        return bytes.duplicate();
    }

    @Override
    public void release() {}

    @Override
    public boolean equals(Object other) {
        return other instanceof BufferRecords && bytes.equals(((BufferRecords) other).bytes);
    }

    @Override
    public int hashCode() {
        return bytes.hashCode();
    }

    @Override
    public String toString() {
        return "records[" + sizeInBytes() + "]";
    }
}
