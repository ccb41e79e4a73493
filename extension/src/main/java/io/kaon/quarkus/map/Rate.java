// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.map;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/** How fast a counter has grown over the last ten seconds, by looking at it now and then. One thread at a time. */
final class Rate {
    static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(10);
    /** Two looks that are closer together say little. */
    private static final long MIN_NS = TimeUnit.MILLISECONDS.toNanos(400);

    private record Look(long atNs, long count) {}

    private final Deque<Look> looks = new ArrayDeque<>();

    /** The counter stands at {@code count} now. */
    void look(long nowNs, long count) {
        if (!looks.isEmpty() && looks.getLast().count() > count) {
            looks.clear(); // The channel was opened anew.
        }
        looks.addLast(new Look(nowNs, count));
        while (looks.size() > 2 && nowNs - looks.getFirst().atNs() > WINDOW_NS) {
            looks.removeFirst();
        }
    }

    /** Per second, between the oldest and the newest look; nothing before there are two. */
    OptionalDouble perSecond() {
        if (looks.size() < 2) {
            return OptionalDouble.empty();
        }
        Look first = looks.getFirst();
        Look last = looks.getLast();
        long elapsedNs = last.atNs() - first.atNs();
        return elapsedNs < MIN_NS
                ? OptionalDouble.empty()
                : OptionalDouble.of((last.count() - first.count()) * (double) TimeUnit.SECONDS.toNanos(1) / elapsedNs);
    }
}
