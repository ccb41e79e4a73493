// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.compaction;

import io.kaon.common.Uuid;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 of 128 bits, keyed: what stands for a record's key in the {@link OffsetMap}. Two keys with one hash would
 * cost the older one its record. By chance that happens once in 2^64 keys; and because each round has a secret of its own,
 * nobody can make such keys, as can be done for MD5, which Kafka takes. It is also several times faster on short keys.
 * One thread: the hash of the last {@link #compute} is kept here, so that nothing is allocated.
 */
final class KeyHash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long firstSecret;
    private final long secondSecret;
    private long v0;
    private long v1;
    private long v2;
    private long v3;
    private long high;
    private long low;

    KeyHash(long firstSecret, long secondSecret) {
        this.firstSecret = firstSecret;
        this.secondSecret = secondSecret;
    }

    static KeyHash of(Uuid secret) {
        return new KeyHash(secret.mostSignificantBits(), secret.leastSignificantBits());
    }

    /** Hashes some bytes; the result is {@link #high()} and {@link #low()}. */
    void compute(byte[] bytes, int from, int length) {
        v0 = 0x736f6d6570736575L ^ firstSecret;
        v1 = 0x646f72616e646f6dL ^ secondSecret ^ 0xee;
        v2 = 0x6c7967656e657261L ^ firstSecret;
        v3 = 0x7465646279746573L ^ secondSecret;
        int at = from;
        int whole = from + (length & ~7);
        for (; at < whole; at += Long.BYTES) {
            take((long) LONGS.get(bytes, at));
        }
        long last = (long) length << 56;
        for (int left = length & 7; left > 0; left--) {
            last |= (bytes[at + left - 1] & 0xffL) << ((left - 1) * 8);
        }
        take(last);
        v2 ^= 0xee;
        rounds(4);
        high = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xdd;
        rounds(4);
        low = v0 ^ v1 ^ v2 ^ v3;
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    private void take(long word) {
        v3 ^= word;
        rounds(2);
        v0 ^= word;
    }

    private void rounds(int count) {
        long a = v0;
        long b = v1;
        long c = v2;
        long d = v3;
        for (int round = 0; round < count; round++) {
            a += b;
            b = Long.rotateLeft(b, 13) ^ a;
            a = Long.rotateLeft(a, 32);
            c += d;
            d = Long.rotateLeft(d, 16) ^ c;
            a += d;
            d = Long.rotateLeft(d, 21) ^ a;
            c += b;
            b = Long.rotateLeft(b, 17) ^ c;
            c = Long.rotateLeft(c, 32);
        }
        v0 = a;
        v1 = b;
        v2 = c;
        v3 = d;
    }
}
