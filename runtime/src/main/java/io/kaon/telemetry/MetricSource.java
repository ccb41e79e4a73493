// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

import java.util.Map;

/**
 * A part of the broker that has so many values, or such that come and go, that it is asked for them when somebody looks.
 * Any thread, one at a time; must not block.
 */
@FunctionalInterface
public interface MetricSource {
    /** Tells every value of now, each name and tags once. */
    void collect(Look look, Sink sink);

    /** Who takes the values. */
    @FunctionalInterface
    interface Sink {
        /** @param tags the name's labels with their values; kept, so unmodifiable */
        void accept(MetricName name, Map<String, String> tags, double value);
    }

    /**
     * How somebody looks.
     *
     * @param nowNs when, by the clock of durations
     * @param maxPartitions partitions, or offsets that groups have in partitions, that have values of their own; the
     *     others count in the sums only
     */
    record Look(long nowNs, int maxPartitions) {}
}
