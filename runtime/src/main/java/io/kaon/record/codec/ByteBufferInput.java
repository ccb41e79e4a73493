// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** The bytes of a buffer from position to limit; the buffer itself is not moved. */
final class ByteBufferInput extends InputStream {
    private final ByteBuffer bytes;

    ByteBufferInput(ByteBuffer bytes) {
        this.bytes = bytes.slice();
    }

    @Override
    public int read() {
        return bytes.hasRemaining() ? bytes.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int from, int length) {
        if (length == 0) {
            return 0;
        }
        if (!bytes.hasRemaining()) {
            return -1;
        }
        int read = Math.min(length, bytes.remaining());
        bytes.get(target, from, read);
        return read;
    }

    @Override
    public int available() {
        return bytes.remaining();
    }
}
