// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.legacy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A growing array that can be patched and cut. Its owner bounds it by asking {@link #size()}. */
final class SetOutput extends ByteArrayOutputStream {
    SetOutput(int expectedBytes) {
        super(expectedBytes);
    }

    /** Takes what was written after the first bytes back. */
    void cutTo(int size) {
        count = Math.min(count, size);
    }

    /** A view of what has been written so far, good until the next write; writes to it go through. */
    ByteBuffer view() {
        return ByteBuffer.wrap(buf, 0, count);
    }
}
