// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import io.kaon.wire.ApiMessage;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.util.List;
import java.util.function.ObjLongConsumer;

/**
 * Writes a connection's answers and knows how many bytes of them its peer has not taken yet. Flushes once for all
 * answers of a turn of the read loop, or of a run of the event loop. Owned by the connection's event loop.
 */
final class AnswerWriter {
    /** Bytes of answers that wait for a slow peer before none of its requests is started any more. */
    static final long MAX_UNSENT_BYTES = 1024 * 1024;

    private final ChannelHandlerContext context;
    private final ObjLongConsumer<ClientRequest> onProgress;
    private long unsentBytes;
    private boolean isHeld;
    private boolean isFlushNeeded;
    private boolean isFlushScheduled;

    /** @param onProgress runs when the answer to a request has been sent, with its bytes */
    AnswerWriter(ChannelHandlerContext context, ObjLongConsumer<ClientRequest> onProgress) {
        this.context = context;
        this.onProgress = onProgress;
    }

    /** Whether the peer leaves so much unread that nothing more should be done for it. File regions count, too. */
    boolean isFull() {
        return unsentBytes >= MAX_UNSENT_BYTES;
    }

    /** Whether everything written has been taken by the socket. */
    boolean isDrained() {
        return unsentBytes == 0;
    }

    /**
     * Writes an answer and releases its records when it is sent, or cannot be; that closes the connection. Throws, with
     * nothing written and the records not released, when the answer cannot be encoded.
     */
    void send(ClientRequest request, ApiMessage answer) {
        ResponseFrame frame =
                ResponseFrame.of(context.alloc(), request.correlationId(), request.answerVersion(), answer);
        long size = frame.sizeInBytes();
        unsentBytes += size;
        List<Object> parts = frame.parts();
        int last = parts.size() - 1;
        for (int i = 0; i < last; i++) {
            context.write(parts.get(i), context.voidPromise());
        }
        context.write(parts.get(last)).addListener(sent -> {
            frame.release();
            onSent(request, size, (ChannelFuture) sent);
        });
        isFlushNeeded = true;
    }

    /** A turn of the read loop begins: answers wait for its end. */
    void hold() {
        isHeld = true;
    }

    /** The turn is over. */
    void letGo() {
        isHeld = false;
        flush();
    }

    /** Flushes what was written, if anything, after other answers that the event loop holds by now. */
    void flushSoon() {
        if (isFlushNeeded && !isHeld && !isFlushScheduled) {
            isFlushScheduled = true;
            context.executor().execute(() -> {
                isFlushScheduled = false;
                flush();
            });
        }
    }

    /** Closes the connection when everything written has been sent. */
    void closeAfterFlush() {
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void flush() {
        if (isFlushNeeded) {
            isFlushNeeded = false;
            context.flush();
        }
    }

    private void onSent(ClientRequest request, long size, ChannelFuture sent) {
        unsentBytes -= size;
        if (sent.isSuccess()) {
            onProgress.accept(request, size);
        } else {
            // A region whose file was cut cannot be made good: its length has left already.
            context.close();
        }
    }
}
