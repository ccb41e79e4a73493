// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import io.kaon.wire.MalformedFrameException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;

/**
 * Cuts what a connection sends into frames: an int32 length, then that many bytes. Owned by the connection's event
 * loop.
 *
 * <p>A frame that came whole is a slice of the read buffer. The others are gathered in one buffer of their own, which
 * starts small and doubles as bytes arrive, so that a length that is only claimed costs nothing (C31), and so that
 * record bytes lie in one piece. {@link #target()} lets the socket read straight into that buffer.
 */
final class FrameReader {
    /** What a frame that did not come whole starts with. */
    static final int INITIAL_BYTES = 64 * 1024;
    /** A peer that sent a frame of some length is trusted to do so again, up to this one. */
    static final int MAX_TRUSTED_BYTES = 1024 * 1024;

    private static final int BITS_PER_BYTE = 8;

    private final ByteBufAllocator allocator;
    private int maxFrameBytes;
    private int lengthBytes;
    private int length;
    private int trustedBytes = INITIAL_BYTES;
    private ByteBuf partial;
    private boolean closed;

    FrameReader(ByteBufAllocator allocator, int maxFrameBytes) {
        this.allocator = allocator;
        this.maxFrameBytes = maxFrameBytes;
    }

    /** Sets the limit of the frames that begin from now on: authentication lifts it. */
    void maxFrameBytes(int bytes) {
        maxFrameBytes = bytes;
    }

    /**
     * Takes over what was read and passes on what is complete; the receiver releases each frame.
     *
     * @throws MalformedFrameException for a length that no frame has; nothing more can be read then
     */
    void read(ByteBuf in, Consumer<ByteBuf> frames) {
        try {
            if (in == partial) {
                maybeFinish(frames);
                return;
            }
            while (!closed && in.isReadable()) {
                step(in, frames);
            }
        } finally {
            in.release();
        }
    }

    /** The buffer into which the next bytes may be read directly, with room for some of them; null if there is none. */
    ByteBuf target() {
        if (partial == null) {
            return null;
        }
        makeRoom(1);
        return partial;
    }

    /** Whether a frame has begun and is not complete. */
    boolean isInsideFrame() {
        return partial != null || lengthBytes > 0;
    }

    /** Bytes of memory that the unfinished frame takes. */
    int heldBytes() {
        return partial == null ? 0 : partial.capacity();
    }

    /** Drops the unfinished frame and passes on nothing more. Idempotent. */
    void close() {
        closed = true;
        if (partial != null) {
            partial.release();
            partial = null;
        }
    }

    private void step(ByteBuf in, Consumer<ByteBuf> frames) {
        if (partial != null) {
            int count = Math.min(in.readableBytes(), length - partial.readableBytes());
            makeRoom(count);
            partial.writeBytes(in, count);
            maybeFinish(frames);
        } else if (readLength(in)) {
            if (in.readableBytes() >= length) {
                frames.accept(in.readRetainedSlice(length));
            } else {
                int initial = Math.max(trustedBytes, in.readableBytes());
                partial = allocator.directBuffer(Math.min(length, initial), length);
            }
        }
    }

    /** Answers whether the length is complete. */
    private boolean readLength(ByteBuf in) {
        while (lengthBytes < Integer.BYTES && in.isReadable()) {
            length = length << BITS_PER_BYTE | in.readUnsignedByte();
            lengthBytes++;
        }
        if (lengthBytes < Integer.BYTES) {
            return false;
        }
        lengthBytes = 0;
        if (length < 0 || length > maxFrameBytes) {
            throw new MalformedFrameException(
                    0,
                    "a frame of " + length + " bytes, 0 to " + maxFrameBytes
                            + " (socket.request.max.bytes) are allowed");
        }
        return true;
    }

    private void makeRoom(int count) {
        int capacity = partial.capacity();
        if (partial.writableBytes() < count) {
            long doubled = Math.max(2L * capacity, (long) partial.readableBytes() + count);
            partial.capacity((int) Math.min(doubled, length));
        }
    }

    private void maybeFinish(Consumer<ByteBuf> frames) {
        if (partial.readableBytes() == length) {
            ByteBuf frame = partial;
            partial = null;
            trustedBytes = Math.max(INITIAL_BYTES, Math.min(length, MAX_TRUSTED_BYTES));
            frames.accept(frame);
        }
    }
}
