// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How long things took, each of them. One thread; bounded, what comes after is not noted. */
final class Latencies {
    private static final int MAX = 20_000_000;
    private static final int FIRST = 1024;

    private long[] nanos = new long[FIRST];
    private int count;

    void add(long ns) {
        if (count == nanos.length && count < MAX) {
            nanos = Arrays.copyOf(nanos, Math.min(MAX, 2 * count));
        }
        if (count < nanos.length) {
            nanos[count++] = ns;
        }
    }

    void addAll(Latencies others) {
        for (int index = 0; index < others.count; index++) {
            add(others.nanos[index]);
        }
    }

    int count() {
        return count;
    }

    /** In microseconds; 1.0 is the largest. */
    double micros(double quantile) {
        if (count == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        int index = (int) Math.ceil(quantile * count) - 1;
        return sorted[Math.max(0, index)] / (double) TimeUnit.MICROSECONDS.toNanos(1);
    }

    /** One line. */
    String summary() {
        return String.format(
                Locale.ROOT,
                "n %d, p50 %.0f us, p99 %.0f us, p99.9 %.0f us, max %.0f us",
                count,
                micros(0.5),
                micros(0.99),
                micros(0.999),
                micros(1.0));
    }
}
