// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import com.github.luben.zstd.ZstdException;
import io.kaon.record.BlockInput;
import io.kaon.record.CompressionType;
import io.kaon.record.DecompressionLimitException;
import io.kaon.record.MalformedBatchException;
import java.io.IOException;
import net.jpountz.lz4.LZ4Exception;

/**
 * A decompressor's output up to a number of bytes, with all the ways in which libraries say "damaged" made one. Holds
 * a {@link Scratch} until it is closed.
 */
abstract class CodecInput extends BlockInput {
    private final CompressionType type;
    private final long maxBytes;
    private final ScratchPool pool;
    private final Scratch scratch;
    private long left;
    private boolean isPastLimit;
    private boolean isClosed;

    /**
     * @param maxBytes how many bytes may come out
     * @param pool lends the memory
     */
    CodecInput(CompressionType type, long maxBytes, ScratchPool pool) {
        this.type = type;
        this.maxBytes = maxBytes;
        this.left = maxBytes;
        this.pool = pool;
        this.scratch = pool.take();
    }

    /**
     * Decompresses the next block and {@linkplain #provide provides} it, empty or not; false at the end of the stream.
     */
    abstract boolean nextBlock() throws IOException;

    /** What this stream decompresses with. */
    final Scratch scratch() {
        return scratch;
    }

    /** How many bytes may come out in all. */
    final long maxBytes() {
        return maxBytes;
    }

    @Override
    public final boolean advance() {
        if (isClosed) {
            throw new IllegalStateException("the records were closed");
        }
        provideNothing();
        if (isPastLimit) {
            throw new DecompressionLimitException(maxBytes);
        }
        try {
            do {
                if (!nextBlock()) {
                    return false;
                }
            } while (blockEnd() == blockStart());
        } catch (IOException | LZ4Exception | ZstdException failure) {
            provideNothing();
            throw damaged(failure);
        }
        stayWithinLimit();
        return true;
    }

    /** Bytes up to the limit are given out; who asks for the one after them learns that it was passed. */
    private void stayWithinLimit() {
        int length = blockEnd() - blockStart();
        if (length <= left) {
            left -= length;
            return;
        }
        isPastLimit = true;
        if (left == 0) {
            provideNothing();
            throw new DecompressionLimitException(maxBytes);
        }
        provide(block(), blockStart(), (int) left);
    }

    private MalformedBatchException damaged(Exception failure) {
        String message = "the records are no whole " + type.kafkaName() + " stream: " + failure.getMessage();
        return new MalformedBatchException(message, failure);
    }

    @Override
    public final void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        provideNothing();
        try {
            release();
        } catch (IOException failure) {
            throw damaged(failure);
        } finally {
            pool.giveBack(scratch);
        }
    }

    /** Gives back what does not belong to the scratch. */
    void release() throws IOException {
        // Most codecs have nothing else.
    }
}
