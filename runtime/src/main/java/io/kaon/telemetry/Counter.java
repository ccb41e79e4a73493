// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

import java.util.concurrent.atomic.LongAdder;

/** Something that only grows. Any thread; cheap enough for each request. */
public final class Counter {
    private final LongAdder sum = new LongAdder();

    Counter() {}

    public void increment() {
        sum.increment();
    }

    /** @param amount at least 0 */
    public void add(long amount) {
        sum.add(amount);
    }

    public long value() {
        return sum.sum();
    }
}
