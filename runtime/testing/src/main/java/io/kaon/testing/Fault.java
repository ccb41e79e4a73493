// SPDX-License-Identifier: Apache-2.0
package io.kaon.testing;

import io.kaon.server.RequestContext;
import io.kaon.server.RequestFilter;
import io.kaon.wire.ApiMessage;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;

/** A fault that was set: how often it has struck, and its end. From {@link FaultBuilder}; any thread. */
public final class Fault {
    private final Faults faults;
    private final String description;
    private final int limit;
    private final BiPredicate<RequestContext, ApiMessage> isMeant;
    private final Effect effect;
    private final AtomicInteger hits = new AtomicInteger();

    /** What a fault does. */
    interface Effect {
        RequestFilter.Verdict verdict();

        /** Lets go what it holds. */
        default void release() {}
    }

    Fault(
            Faults faults,
            String description,
            int limit,
            BiPredicate<RequestContext, ApiMessage> isMeant,
            Effect effect) {
        this.faults = faults;
        this.description = description;
        this.limit = limit;
        this.isMeant = isMeant;
        this.effect = effect;
    }

    /** Requests that it has struck. */
    public int hits() {
        return hits.get();
    }

    /** Whether it has struck as often as it was to. */
    public boolean isSpent() {
        return hits() >= limit;
    }

    /**
     * Waits until it has struck so often.
     *
     * @throws AssertionError with how often it did
     */
    public Fault awaitHits(int count) {
        return awaitHits(count, KaonClient.DEFAULT_TIMEOUT);
    }

    /** As {@link #awaitHits(int)}, with a time to wait. */
    public Fault awaitHits(int count, Duration timeout) {
        Patience patience = Patience.of(timeout);
        if (!patience.until(() -> hits() >= count)) {
            throw new AssertionError("Expected the fault '" + this + "' to strike " + count + " times within "
                    + patience + ", but it struck " + hits() + " times");
        }
        return this;
    }

    /** Waits until it has struck as often as it was to. */
    public Fault awaitSpent() {
        return awaitHits(limit);
    }

    /** Answers leave that it holds; it holds no more. */
    public void release() {
        effect.release();
    }

    /** Ends it: requests pass again, and what it holds is let go. Idempotent. */
    public void clear() {
        faults.remove(this);
        release();
    }

    /** Whether it strikes this request; counts. */
    boolean strikes(RequestContext context, ApiMessage request) {
        if (isSpent() || !isMeant.test(context, request)) {
            return false;
        }
        return hits.getAndUpdate(count -> count < limit ? count + 1 : count) < limit;
    }

    RequestFilter.Verdict verdict() {
        return effect.verdict();
    }

    @Override
    public String toString() {
        return description;
    }
}
