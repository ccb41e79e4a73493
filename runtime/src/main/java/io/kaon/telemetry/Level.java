// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

import java.util.concurrent.atomic.LongAdder;

/** How many of something there are at the moment. Any thread; cheap enough for each request. */
public final class Level {
    private final LongAdder sum = new LongAdder();

    public void up() {
        sum.increment();
    }

    public void down() {
        sum.decrement();
    }

    public long value() {
        return sum.sum();
    }
}
