// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.io.InputStream;

/**
 * Decompressed bytes, one block in memory at a time. Who can work on whole blocks asks for the next with
 * {@link #advance()} and reads {@link #block()} where it lies; everybody else reads it as a stream. Throws
 * {@link MalformedBatchException} and {@link DecompressionLimitException}, but no {@link java.io.IOException}.
 *
 * <p>One thread, which closes it: the memory of the block belongs to another batch from then on.
 */
public abstract class BlockInput extends InputStream {
    private static final byte[] NO_BYTES = {};

    private byte[] block = NO_BYTES;
    private int next;
    private int end;

    /** Goes to the next block, which has a byte or more, past what was not read of this one; false at the end. */
    public abstract boolean advance();

    /** Gives back what decompression holds. May be called again. */
    @Override
    public abstract void close();

    /** The array with the current block, from {@link #blockStart()} to {@link #blockEnd()}. Not to be written to. */
    public final byte[] block() {
        return block;
    }

    /** Where the block begins, or goes on if bytes of it were read as a stream. */
    public final int blockStart() {
        return next;
    }

    /** Where the block ends, exclusive. */
    public final int blockEnd() {
        return end;
    }

    /** The block that is read from now on. */
    protected final void provide(byte[] bytes, int from, int length) {
        block = bytes;
        next = from;
        end = from + length;
    }

    /** There is no block until the next one is provided, and nothing holds the last one's memory. */
    protected final void provideNothing() {
        provide(NO_BYTES, 0, 0);
    }

    @Override
    public final int read() {
        return next < end || advance() ? block[next++] & 0xff : -1;
    }

    @Override
    public final int read(byte[] target, int from, int length) {
        if (length == 0) {
            return 0;
        }
        if (next == end && !advance()) {
            return -1;
        }
        int read = Math.min(length, end - next);
        System.arraycopy(block, next, target, from, read);
        next += read;
        return read;
    }

    @Override
    public final int available() {
        return end - next;
    }
}
