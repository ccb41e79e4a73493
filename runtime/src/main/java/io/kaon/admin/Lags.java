// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin;

import io.kaon.common.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** How far groups are behind: two calls, however many groups are asked for. Any thread. */
public final class Lags {
    private final Groups groups;
    private final Offsets offsets;

    /** @param caller whom to ask */
    public Lags(AdminCaller caller) {
        this.groups = new Groups(caller);
        this.offsets = Offsets.known(caller);
    }

    /** How far a group is behind in one partition. */
    public record Lag(TopicPartition partition, long committedOffset, long logEndOffset) {
        /** Records, counted as offsets; 0 when it has read everything. */
        public long records() {
            return Math.max(0, logEndOffset - committedOffset);
        }
    }

    /** How far a group is behind, in all partitions for which it has committed an offset, in order. */
    public record GroupLags(List<Lag> all) {
        public GroupLags {
            all = List.copyOf(all);
        }

        /** In all partitions together. */
        public long total() {
            return all.stream().mapToLong(Lag::records).sum();
        }

        /** The partition in which it is farthest behind. */
        public Optional<Lag> farthest() {
            return all.stream().max(Comparator.comparingLong(Lag::records));
        }

        /** Of one partition. */
        public Optional<Lag> of(TopicPartition partition) {
            return all.stream().filter(lag -> lag.partition().equals(partition)).findFirst();
        }
    }

    /** The lags of groups by id. Partitions of topics that are gone are left out. */
    public CompletionStage<Map<String, GroupLags>> of(Collection<String> ids) {
        return groups.committed(ids).thenCompose(committed -> {
            Set<TopicPartition> partitions = new LinkedHashSet<>();
            committed.values().forEach(offsetsOfGroup -> partitions.addAll(offsetsOfGroup.keySet()));
            return offsets.latest(partitions).thenApply(ends -> {
                Map<String, GroupLags> lags = new HashMap<>();
                committed.forEach((id, offsetsOfGroup) -> lags.put(id, lagsOf(offsetsOfGroup, ends)));
                return lags;
            });
        });
    }

    private static GroupLags lagsOf(Map<TopicPartition, Long> committed, Map<TopicPartition, Long> ends) {
        List<Lag> lags = new ArrayList<>();
        committed.forEach((partition, offset) -> {
            if (ends.containsKey(partition)) {
                lags.add(new Lag(partition, offset, ends.get(partition)));
            }
        });
        return new GroupLags(lags);
    }
}
