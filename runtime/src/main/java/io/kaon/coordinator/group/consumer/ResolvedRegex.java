// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The topics that match a regular expression.
 *
 * @param topics their names
 * @param version offset of the metadata in which they were looked up
 * @param timestampMs when, on the clock on the wall
 */
public record ResolvedRegex(SortedSet<String> topics, long version, long timestampMs) {
    public static final ResolvedRegex EMPTY = new ResolvedRegex(new TreeSet<>(), 0, -1);

    public ResolvedRegex {
        topics = Collections.unmodifiableSortedSet(new TreeSet<>(topics));
    }
}
