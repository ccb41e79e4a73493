// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import io.kaon.record.CompressionType;
import io.kaon.record.DecompressionLimitException;
import io.kaon.record.MalformedBatchException;
import java.io.IOException;
import java.io.InputStream;
import net.jpountz.lz4.LZ4Exception;

/** A decompressor's output up to a number of bytes, with all the ways in which libraries say "damaged" made one. */
final class LimitedInput extends InputStream {
    private final InputStream decompressed;
    private final CompressionType type;
    private final long maxBytes;
    private long left;

    LimitedInput(InputStream decompressed, CompressionType type, long maxBytes) {
        this.decompressed = decompressed;
        this.type = type;
        this.maxBytes = maxBytes;
        this.left = maxBytes;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) {
        if (length == 0) {
            return 0;
        }
        // At the limit one more byte is asked for: only if there is one has the limit been passed.
        int read = readSome(target, from, (int) Math.min(length, Math.max(left, 1)));
        if (read > left) {
            throw new DecompressionLimitException(maxBytes);
        }
        left -= Math.max(read, 0);
        return read;
    }

    @Override
    public void close() {
        try {
            decompressed.close();
        } catch (IOException failure) {
            throw damaged(failure);
        }
    }

    private int readSome(byte[] target, int from, int length) {
        try {
            int read = decompressed.read(target, from, length);
            // Zero would mean "try again" for ever.
            if (read == 0) {
                throw new IOException("no progress");
            }
            return read;
        } catch (IOException | LZ4Exception failure) {
            throw damaged(failure);
        }
    }

    private MalformedBatchException damaged(Exception failure) {
        String message = "the records are no whole " + type.kafkaName() + " stream: " + failure.getMessage();
        return new MalformedBatchException(message, failure);
    }
}
