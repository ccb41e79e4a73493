// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Makes the socket read the rest of a long frame straight into the frame's own buffer, which saves a copy of what is
 * produced. Only for plaintext: with TLS the socket carries something else. One per connection.
 */
final class FrameAllocator implements RecvByteBufAllocator {
    private static final RecvByteBufAllocator ADAPTIVE = new AdaptiveRecvByteBufAllocator();

    private final FrameReader frames;

    FrameAllocator(FrameReader frames) {
        this.frames = frames;
    }

    @Override
    @SuppressWarnings("deprecation") // Netty has no other way to make one.
    public Handle newHandle() {
        return new FrameHandle(frames, (ExtendedHandle) ADAPTIVE.newHandle());
    }

    @SuppressWarnings("deprecation")
    private static final class FrameHandle extends DelegatingHandle implements ExtendedHandle {
        private final FrameReader frames;
        private final ExtendedHandle adaptive;

        FrameHandle(FrameReader frames, ExtendedHandle adaptive) {
            super(adaptive);
            this.frames = frames;
            this.adaptive = adaptive;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            ByteBuf target = frames.target();
            return target == null ? super.allocate(allocator) : target.retain();
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
            return adaptive.continueReading(maybeMore);
        }
    }
}
