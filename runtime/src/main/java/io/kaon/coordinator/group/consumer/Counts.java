// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** How many members want something, by its name; what nobody wants is not there. */
final class Counts {
    private final Map<String, Integer> counts;

    Counts() {
        counts = new HashMap<>();
    }

    private Counts(Map<String, Integer> counts) {
        this.counts = new HashMap<>(counts);
    }

    Counts copy() {
        return new Counts(counts);
    }

    void add(String name) {
        counts.merge(name, 1, Integer::sum);
    }

    void remove(String name) {
        counts.computeIfPresent(name, (ignored, count) -> count == 1 ? null : count - 1);
    }

    int of(String name) {
        return counts.getOrDefault(name, 0);
    }

    Set<String> names() {
        return Collections.unmodifiableSet(counts.keySet());
    }

    /** The name that most want, of equally wanted ones the first in alphabetical order; "" if there is none. */
    String mostWanted() {
        String best = "";
        for (Map.Entry<String, Integer> entry : counts.entrySet()) {
            int ahead = Integer.compare(entry.getValue(), of(best));
            if (ahead > 0 || ahead == 0 && entry.getKey().compareTo(best) < 0) {
                best = entry.getKey();
            }
        }
        return best;
    }
}
