// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import java.io.IOException;
import java.io.InputStream;

/** A stream that is decompressed block by block, one block in memory at a time. */
abstract class BlockInput extends InputStream {
    static final byte[] NO_BYTES = {};

    private byte[] block = NO_BYTES;
    private int next;
    private int end;

    /**
     * Decompresses the next block and {@linkplain #provide provides} it, empty or not; false at the end of the
     * stream.
     */
    abstract boolean nextBlock() throws IOException;

    /** The block that is read from now on. */
    final void provide(byte[] bytes, int length) {
        block = bytes;
        next = 0;
        end = length;
    }

    @Override
    public final int read() throws IOException {
        return isAtEnd() ? -1 : block[next++] & 0xff;
    }

    @Override
    public final int read(byte[] target, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (isAtEnd()) {
            return -1;
        }
        int read = Math.min(length, end - next);
        System.arraycopy(block, next, target, from, read);
        next += read;
        return read;
    }

    private boolean isAtEnd() throws IOException {
        while (next == end) {
            if (!nextBlock()) {
                return true;
            }
        }
        return false;
    }
}
