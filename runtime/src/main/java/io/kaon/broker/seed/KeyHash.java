// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker.seed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The partition of a key as Kafka's Java clients choose it: MurmurHash2 (Austin Appleby, public domain) of 32 bits, so
 * that what is seeded and what an application sends under the same key lie in one partition.
 */
public final class KeyHash {
    private static final int SEED = 0x9747b28c;
    private static final int MULTIPLIER = 0x5bd1e995;
    private static final int SHIFT = 24;

    private KeyHash() {}

    /** The partition of a key that is there, from 0. */
    public static int partitionOf(byte[] key, int partitions) {
        return (hash(key) & Integer.MAX_VALUE) % partitions;
    }

    static int hash(byte[] bytes) {
        ByteBuffer input = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int hash = SEED ^ bytes.length;
        while (input.remaining() >= Integer.BYTES) {
            int word = input.getInt() * MULTIPLIER;
            word = (word ^ (word >>> SHIFT)) * MULTIPLIER;
            hash = hash * MULTIPLIER ^ word;
        }
        if (input.hasRemaining()) {
            int rest = 0;
            for (int shift = 0; input.hasRemaining(); shift += Byte.SIZE) {
                rest |= (input.get() & 0xff) << shift;
            }
            hash = (hash ^ rest) * MULTIPLIER;
        }
        hash = (hash ^ (hash >>> 13)) * MULTIPLIER;
        return hash ^ (hash >>> 15);
    }
}
