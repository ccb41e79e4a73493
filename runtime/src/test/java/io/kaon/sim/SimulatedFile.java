// SPDX-License-Identifier: Apache-2.0
package io.kaon.sim;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A file of a {@link SimulatedDisk}, without its name: what the process sees of it, what is on the platter, and how each
 * sector that differs has looked since the last sync. One thread.
 */
final class SimulatedFile {
    static final int SECTOR_BYTES = 512;
    /** Of a sector that was written more often, some looks are forgotten, never the last one. */
    private static final int MAX_LOOKS = 4;

    private byte[] seen = new byte[0];
    private int size;
    private byte[] platter = new byte[0];
    private int platterSize;
    private final Map<Integer, List<byte[]>> unsynced = new TreeMap<>();
    private final List<Integer> sizes = new ArrayList<>();
    private long modifiedMs;

    SimulatedFile(long nowMs) {
        modifiedMs = nowMs;
    }

    int size() {
        return size;
    }

    long modifiedMs() {
        return modifiedMs;
    }

    /** Bytes from a position on, −1 at the end. */
    int read(ByteBuffer target, long position) {
        if (position >= size) {
            return target.hasRemaining() ? -1 : 0;
        }
        int count = (int) Math.min(target.remaining(), size - position);
        target.put(seen, (int) position, count);
        return count;
    }

    void write(ByteBuffer bytes, long position, long nowMs) {
        int from = Math.toIntExact(position);
        int count = bytes.remaining();
        int end = Math.addExact(from, count);
        if (end > seen.length) {
            seen = Arrays.copyOf(seen, Math.max(end, Math.min(Integer.MAX_VALUE - 8, seen.length * 2)));
        }
        bytes.get(seen, from, count);
        touch(from, end);
        resize(Math.max(size, end));
        modifiedMs = nowMs;
    }

    void truncate(long newSize, long nowMs) {
        if (newSize < size) {
            int cut = (int) newSize;
            int end = size;
            Arrays.fill(seen, cut, end, (byte) 0);
            touch(cut, end);
            resize(cut);
            modifiedMs = nowMs;
        }
    }

    private void resize(int newSize) {
        if (newSize != size) {
            size = newSize;
            sizes.add(newSize);
        }
    }

    private void touch(int from, int end) {
        for (int sector = from / SECTOR_BYTES; sector * SECTOR_BYTES < end; sector++) {
            List<byte[]> looks = unsynced.computeIfAbsent(sector, first -> new ArrayList<>(1));
            if (looks.size() == MAX_LOOKS) {
                looks.remove(1);
            }
            looks.add(Arrays.copyOfRange(seen, sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES));
        }
    }

    /** The data and the size are durable. */
    void sync() {
        growPlatter(seen.length);
        for (int sector : unsynced.keySet()) {
            int from = sector * SECTOR_BYTES;
            System.arraycopy(seen, from, platter, from, Math.min(SECTOR_BYTES, seen.length - from));
        }
        platterSize = size;
        unsynced.clear();
        sizes.clear();
    }

    private void growPlatter(int capacity) {
        if (platter.length < capacity) {
            platter = Arrays.copyOf(platter, capacity);
        }
    }

    /**
     * The power is lost: of each unsynced sector one of its looks is left, and one of the file's sizes.
     *
     * @param hasStaleBlocks whether what was never written may show what the disk held before
     */
    void losePower(CrashMood mood, boolean hasStaleBlocks) {
        mood.begin();
        growPlatter(seen.length);
        for (Map.Entry<Integer, List<byte[]>> sector : unsynced.entrySet()) {
            int from = sector.getKey() * SECTOR_BYTES;
            int length = Math.min(SECTOR_BYTES, platter.length - from);
            List<byte[]> looks = sector.getValue();
            if (mood.keeps()) {
                boolean isLast = mood.below(4) > 0;
                byte[] look = looks.get(isLast ? looks.size() - 1 : mood.below(looks.size()));
                System.arraycopy(look, 0, platter, from, length);
            } else if (hasStaleBlocks && from >= platterSize && mood.below(2) == 0) {
                byte[] stale = new byte[length];
                mood.fill(stale);
                System.arraycopy(stale, 0, platter, from, length);
            }
        }
        if (!sizes.isEmpty() && mood.below(4) > 0) {
            platterSize = sizes.get(mood.below(3) > 0 ? sizes.size() - 1 : mood.below(sizes.size()));
        }
        size = platterSize;
        growPlatter(size);
        Arrays.fill(platter, size, platter.length, (byte) 0);
        seen = platter.clone();
        unsynced.clear();
        sizes.clear();
    }
}
