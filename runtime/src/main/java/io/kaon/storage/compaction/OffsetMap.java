// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.compaction;

import static io.kaon.common.Checks.require;

/**
 * The newest offset of each key, by the key's hash. Open addressing in {@value #PARTS} parts that grow with what comes,
 * each on its own, so that a small log costs little and growing never needs more than a fraction on top of the limit.
 *
 * <pre>
 *  slot: hash 16 | offset + 1, 0 in an empty slot 8
 * </pre>
 *
 * <p>One thread.
 */
final class OffsetMap {
    static final int PARTS = 64;
    static final long NONE = -1;

    private static final int WORDS = 3;
    private static final int SLOT_BYTES = WORDS * Long.BYTES;
    private static final int FIRST_SLOTS = 8;
    private static final int PART_SHIFT = Long.SIZE - 6;
    /** A part grows past this, as long as it may. */
    private static final double COMFORTABLE_LOAD = 0.7;

    /** The smallest limit in bytes: one slot a part. */
    static final int MIN_BYTES = PARTS * SLOT_BYTES;

    private final KeyHash hash;
    private final int maxSlots;
    private final double maxLoad;
    private final long[][] parts = new long[PARTS][];
    private final int[] counts = new int[PARTS];
    private long size;

    /**
     * @param hash makes the hashes; this map's own from now on
     * @param maxBytes for all slots
     * @param maxLoad share of the slots that may be taken, up to 1
     */
    OffsetMap(KeyHash hash, long maxBytes, double maxLoad) {
        require(maxLoad > 0 && maxLoad <= 1, "the load must be above 0 and at most 1, was %s", maxLoad);
        this.hash = hash;
        this.maxSlots = (int) Math.max(1, Math.min(Integer.MAX_VALUE / 8 / WORDS, maxBytes / PARTS / SLOT_BYTES));
        this.maxLoad = maxLoad;
    }

    /** How many keys it knows. */
    long size() {
        return size;
    }

    /** Bytes that the slots take now. */
    long sizeInBytes() {
        long slots = 0;
        for (long[] part : parts) {
            slots += part == null ? 0 : part.length / WORDS;
        }
        return slots * SLOT_BYTES;
    }

    /** Notes where a key is written; false, and nothing happens, when the key is new and there is no room for it. */
    boolean put(byte[] bytes, int from, int length, long offset) {
        hash.compute(bytes, from, length);
        int part = (int) (hash.high() >>> PART_SHIFT);
        if (parts[part] == null) {
            parts[part] = new long[Math.min(FIRST_SLOTS, maxSlots) * WORDS];
        }
        int slot = find(parts[part]);
        if (slot >= 0) {
            parts[part][slot + 2] = offset + 1;
            return true;
        }
        if (!makeRoom(part)) {
            return false;
        }
        set(parts[part], ~find(parts[part]), hash.high(), hash.low(), offset + 1);
        counts[part]++;
        size++;
        return true;
    }

    /** The newest offset of a key, {@link #NONE} when it is not known. */
    long get(byte[] bytes, int from, int length) {
        hash.compute(bytes, from, length);
        long[] slots = parts[(int) (hash.high() >>> PART_SHIFT)];
        int slot = slots == null ? -1 : find(slots);
        return slot < 0 ? NONE : slots[slot + 2] - 1;
    }

    /** Whether the part has a slot for one key more, after growing if need be. At least one slot stays empty or full. */
    private boolean makeRoom(int part) {
        int slots = parts[part].length / WORDS;
        if (counts[part] + 1 <= slots * COMFORTABLE_LOAD) {
            return true;
        }
        if (slots < maxSlots) {
            parts[part] = grown(parts[part], (int) Math.min(maxSlots, slots * 2L));
            return makeRoom(part);
        }
        return counts[part] + 1 <= Math.max(1, slots * maxLoad) && counts[part] < slots;
    }

    private static long[] grown(long[] old, int slots) {
        long[] larger = new long[slots * WORDS];
        for (int at = 0; at < old.length; at += WORDS) {
            if (old[at + 2] != 0) {
                set(larger, ~find(larger, old[at], old[at + 1]), old[at], old[at + 1], old[at + 2]);
            }
        }
        return larger;
    }

    private static void set(long[] slots, int at, long high, long low, long offsetPlusOne) {
        slots[at] = high;
        slots[at + 1] = low;
        slots[at + 2] = offsetPlusOne;
    }

    private int find(long[] slots) {
        return find(slots, hash.high(), hash.low());
    }

    /** Where the hash is, or the complement of where it belongs; of 0 where every slot is another's. */
    private static int find(long[] slots, long high, long low) {
        int count = slots.length / WORDS;
        int at = (int) (((low >>> 32) * count) >>> 32) * WORDS;
        for (int probes = 0; probes < count; probes++) {
            if (slots[at + 2] == 0) {
                return ~at;
            }
            if (slots[at] == high && slots[at + 1] == low) {
                return at;
            }
            at = at + WORDS == slots.length ? 0 : at + WORDS;
        }
        return ~0;
    }
}
