// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deadletters;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * Which records of one partition of a dead letter topic have been replayed: all below an offset, and some ranges above
 * it. Kept as a committed offset, whose metadata are the ranges, as in {@code 12-15,20-20} (inclusive). Metadata are short:
 * of ranges that do not fit the highest are not kept, and those records may be replayed again by somebody who asks for all.
 *
 * <p>Not thread-safe.
 */
final class ReplayMarks {
    /** Brokers take 4096 bytes unless they are told otherwise. */
    private static final int MAX_METADATA = 4_000;

    private static final Pattern RANGE = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

    private long below;
    /** First and last offset of each range, above {@code below} and apart from each other. */
    private final NavigableMap<Long, Long> ranges = new TreeMap<>();

    /** @param below all records below it have been replayed, or are not wanted any more */
    ReplayMarks(long below) {
        this.below = below;
    }

    /**
     * @param committed null if nothing is
     * @param logStart where the partition begins: what is below is gone
     */
    static ReplayMarks of(OffsetAndMetadata committed, long logStart) {
        ReplayMarks marks = new ReplayMarks(committed == null ? logStart : Math.max(logStart, committed.offset()));
        if (committed != null && committed.metadata() != null) {
            Matcher matcher = RANGE.matcher(committed.metadata());
            while (matcher.find()) {
                marks.add(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
            }
        }
        return marks;
    }

    boolean contains(long offset) {
        Map.Entry<Long, Long> range = ranges.floorEntry(offset);
        return offset < below || range != null && offset <= range.getValue();
    }

    void add(long offset) {
        add(offset, offset);
    }

    private void add(long first, long last) {
        if (last < below || last < first) {
            return;
        }
        long from = first;
        long to = last;
        Map.Entry<Long, Long> before = ranges.floorEntry(from);
        if (before != null && before.getValue() >= from - 1) {
            from = before.getKey();
            to = Math.max(to, before.getValue());
        }
        Map.Entry<Long, Long> after = ranges.higherEntry(from);
        while (after != null && after.getKey() <= to + 1) {
            to = Math.max(to, after.getValue());
            ranges.remove(after.getKey());
            after = ranges.higherEntry(from);
        }
        if (from <= below) {
            below = to + 1;
            ranges.remove(from);
        } else {
            ranges.put(from, to);
        }
    }

    /** How many of the offsets up to there, exclusive, are not marked. */
    long unmarkedBefore(long end) {
        long marked = ranges.entrySet().stream()
                .filter(range -> range.getKey() < end)
                .mapToLong(range -> Math.min(range.getValue() + 1, end) - range.getKey())
                .sum();
        return Math.max(0, end - below - marked);
    }

    /** What is to be committed so that {@link #of} finds it again. */
    OffsetAndMetadata toCommit() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<Long, Long> range : ranges.entrySet()) {
            String one = (text.isEmpty() ? "" : ",") + range.getKey() + "-" + range.getValue();
            if (text.length() + one.length() > MAX_METADATA) {
                break;
            }
            text.append(one);
        }
        return new OffsetAndMetadata(below, text.toString());
    }
}
