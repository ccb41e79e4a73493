// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Keeps {@link Scratch} between batches, up to {@value #SLOTS}: never more than {@value #SLOTS} times 640 KiB of heap
 * and, where zstd and gzip are used, 200 KiB of native memory. Who comes when all are taken gets a new one, which is
 * thrown away afterwards if there is no room. A thread looks first where it put the last one. Any thread; nobody waits.
 */
final class ScratchPool implements AutoCloseable {
    /** More threads than this seldom decompress at the same time; a power of two. */
    static final int SLOTS = 16;

    private final AtomicReferenceArray<Scratch> slots = new AtomicReferenceArray<>(SLOTS);
    private volatile boolean isClosed;

    /** The caller's until it {@linkplain #giveBack gives it back}, once. */
    Scratch take() {
        int first = firstSlot();
        for (int step = 0; step < SLOTS; step++) {
            int slot = (first + step) & (SLOTS - 1);
            Scratch found = slots.get(slot);
            if (found != null && slots.compareAndSet(slot, found, null)) {
                return found;
            }
        }
        return new Scratch();
    }

    void giveBack(Scratch scratch) {
        scratch.trim();
        if (!keep(scratch)) {
            scratch.close();
        } else if (isClosed) {
            // Whoever closed the pool may have looked into the slot before.
            closeAll();
        }
    }

    private boolean keep(Scratch scratch) {
        int first = firstSlot();
        for (int step = 0; step < SLOTS; step++) {
            int slot = (first + step) & (SLOTS - 1);
            if (slots.get(slot) == null && slots.compareAndSet(slot, null, scratch)) {
                return true;
            }
        }
        return false;
    }

    /** Frees what lies here, and from now on whatever is given back. */
    @Override
    public void close() {
        isClosed = true;
        closeAll();
    }

    private void closeAll() {
        for (int slot = 0; slot < SLOTS; slot++) {
            Scratch scratch = slots.getAndSet(slot, null);
            if (scratch != null) {
                scratch.close();
            }
        }
    }

    private static int firstSlot() {
        return (int) Thread.currentThread().getId() & (SLOTS - 1);
    }
}
