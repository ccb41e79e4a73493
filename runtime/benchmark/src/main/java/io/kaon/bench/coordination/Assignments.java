// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench.coordination;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** Who has which partitions, as the members' listeners tell. Any thread. */
final class Assignments {
    private static final long LONGEST_MS = 180_000;
    private static final long LOOK_MS = 20;

    private final int partitions;
    private final Map<Object, Set<TopicPartition>> owned = new HashMap<>();
    private long changes;

    Assignments(int partitions) {
        this.partitions = partitions;
    }

    synchronized void add(Object member, Collection<TopicPartition> assigned) {
        owned.computeIfAbsent(member, any -> new HashSet<>()).addAll(assigned);
        changes++;
        notifyAll();
    }

    synchronized void remove(Object member, Collection<TopicPartition> revoked) {
        owned.computeIfAbsent(member, any -> new HashSet<>()).removeAll(revoked);
        changes++;
        notifyAll();
    }

    synchronized void forget(Object member) {
        owned.remove(member);
        changes++;
        notifyAll();
    }

    /**
     * Waits until that many members have all partitions, each partition one owner, no member two more than another.
     */
    synchronized void awaitEven(int members) {
        long startNs = System.nanoTime();
        long seen = -1;
        while (seen == changes || !isEven(members)) {
            seen = changes;
            if (Target.msSince(startNs) > LONGEST_MS) {
                throw new IllegalStateException("The group has not settled: " + owned.size() + " members");
            }
            try {
                wait(LOOK_MS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        }
    }

    private boolean isEven(int members) {
        if (owned.size() != members) {
            return false;
        }
        int total = 0;
        Set<TopicPartition> all = new HashSet<>();
        for (Set<TopicPartition> each : owned.values()) {
            if (each.size() < partitions / members || each.size() > (partitions + members - 1) / members) {
                return false;
            }
            total += each.size();
            all.addAll(each);
        }
        return total == partitions && all.size() == partitions;
    }
}
