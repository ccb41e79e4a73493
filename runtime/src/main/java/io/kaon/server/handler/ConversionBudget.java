// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.wire.RecordBytes;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the heap that converted records take which wait to be sent, over all connections. When little is left, answers
 * get small, but never empty for that: a slow client shall not stop the others. Any thread.
 */
final class ConversionBudget {
    /** Of the whole broker. */
    static final long DEFAULT_TOTAL_BYTES = 64L << 20;

    /** What an answer may take in any case. */
    static final int MIN_ANSWER_BYTES = 64 << 10;

    private final long totalBytes;
    private final AtomicLong used = new AtomicLong();

    ConversionBudget(long totalBytes) {
        this.totalBytes = totalBytes;
    }

    /** How much of what is wanted an answer may have now; not less than the least of both. */
    int room(int wanted) {
        long left = Math.max(MIN_ANSWER_BYTES, totalBytes - used.get());
        return (int) Math.min(wanted, left);
    }

    /** The bytes as they go into a response. They count until they are released. */
    RecordBytes charge(ByteBuffer bytes) {
        Charged charged = new Charged(bytes);
        used.addAndGet(charged.sizeInBytes());
        return charged;
    }

    /** Bytes of converted records that were not released yet. */
    long used() {
        return used.get();
    }

    private final class Charged implements RecordBytes {
        private final ByteBuffer bytes;
        private final AtomicBoolean isReleased = new AtomicBoolean();

        Charged(ByteBuffer bytes) {
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
        public void release() {
            if (isReleased.compareAndSet(false, true)) {
                used.addAndGet(-sizeInBytes());
            }
        }

        @Override
        public String toString() {
            return "converted[" + sizeInBytes() + "]";
        }
    }
}
