// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

/**
 * One line of the catalogue.
 *
 * @param name dotted lower-case words, without a unit: {@code kaon.log.compaction.dirty.ratio}
 * @param kind what its value does
 * @param unit {@code bytes}, {@code ms}, {@code records}, {@code ratio}, or the thing that is counted
 * @param help one sentence
 */
public record MetricName(String name, Kind kind, String unit, String help) {
    /** What a value does over time. */
    public enum Kind {
        /** Goes up and down. */
        GAUGE,
        /** Only grows. */
        COUNTER
    }

    static MetricName gauge(String name, String unit, String help) {
        return new MetricName(name, Kind.GAUGE, unit, help);
    }

    static MetricName counter(String name, String unit, String help) {
        return new MetricName(name, Kind.COUNTER, unit, help);
    }
}
