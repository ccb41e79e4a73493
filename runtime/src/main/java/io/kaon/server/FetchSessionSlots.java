// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import static io.kaon.common.Checks.require;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The room for fetch sessions that all connections of a broker share, and the source of their ids. Any thread. When it
 * is used up, a fetch works without a session, as with Kafka ({@code max.incremental.fetch.session.cache.slots}).
 */
public final class FetchSessionSlots {
    private final int limit;
    private final AtomicInteger used = new AtomicInteger();
    private final AtomicInteger lastId;

    /**
     * @param limit sessions of the whole broker
     * @param seed where ids start; a random number, so that sessions of an earlier life of the broker are not taken
     *     for ours
     */
    public FetchSessionSlots(int limit, int seed) {
        require(limit >= 0, "max.incremental.fetch.session.cache.slots must be at least 0, was %s", limit);
        this.limit = limit;
        this.lastId = new AtomicInteger(seed & Integer.MAX_VALUE);
    }

    /** Takes a slot and answers whether there was one. */
    boolean take() {
        if (used.incrementAndGet() <= limit) {
            return true;
        }
        used.decrementAndGet();
        return false;
    }

    void giveBack() {
        used.decrementAndGet();
    }

    /** An id that no open session has: positive, in turn. */
    int nextId() {
        return lastId.updateAndGet(id -> id == Integer.MAX_VALUE ? 1 : id + 1);
    }

    /** Sessions that are open now. */
    public int used() {
        return used.get();
    }
}
