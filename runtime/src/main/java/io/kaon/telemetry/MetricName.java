// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

import java.util.List;
import java.util.Set;

/**
 * One line of the catalogue.
 *
 * @param name dotted lower-case words, without a unit: {@code kaon.log.compaction.dirty.ratio}. Names that others gave
 *     ({@code kafka.…}, {@code jvm.…}, {@code process.…}) are theirs, word for word
 * @param kind what its value does
 * @param unit {@code bytes}, {@code ms}, {@code records}, {@code ratio}, or the thing that is counted
 * @param labels what its values are told apart by; each of its samples has these tags and no others
 * @param help one sentence
 */
public record MetricName(String name, Kind kind, String unit, List<String> labels, String help) {
    /** Units that are part of the name where it is shown; others only say what is counted. */
    private static final Set<String> UNITS_IN_NAMES = Set.of("bytes", "bytes/s", "ms", "ratio");

    private static final String OWN_PREFIX = "kaon.";

    /** What a value does over time. */
    public enum Kind {
        /** Goes up and down. */
        GAUGE,
        /** Only grows. */
        COUNTER
    }

    public MetricName {
        labels = List.copyOf(labels);
    }

    static MetricName gauge(String name, String unit, String help) {
        return new MetricName(name, Kind.GAUGE, unit, List.of(), help);
    }

    static MetricName counter(String name, String unit, String help) {
        return new MetricName(name, Kind.COUNTER, unit, List.of(), help);
    }

    MetricName by(String... tags) {
        return new MetricName(name, kind, unit, List.of(tags), help);
    }

    /** Whether somebody else's convention gave the name, so that nothing may be added to it. */
    public boolean isForeign() {
        return !name.startsWith(OWN_PREFIX);
    }

    /** Whether the unit belongs behind the name where names carry units. */
    public boolean showsUnit() {
        return !isForeign() && UNITS_IN_NAMES.contains(unit);
    }

    /** As Prometheus has it. */
    public String prometheusName() {
        String plain = name.replace('.', '_');
        String suffix = showsUnit() ? "_" + unit.replace('/', '_') : "";
        String whole = plain.endsWith(suffix) ? plain : plain + suffix;
        return kind == Kind.COUNTER ? whole + "_total" : whole;
    }
}
