// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The consumer groups of a shard. Changed by replay alone. Owned by the shard. */
public final class ConsumerGroups {
    private final Map<String, ConsumerGroup> groups = new HashMap<>();

    public Optional<ConsumerGroup> find(String groupId) {
        return Optional.ofNullable(groups.get(groupId)).filter(ConsumerGroup::exists);
    }

    /** A copy. */
    public Collection<ConsumerGroup> all() {
        return groups.values().stream().filter(ConsumerGroup::exists).toList();
    }

    public int size() {
        return groups.size();
    }

    /**
     * Takes in a record. A group exists from its epoch record to that one's tombstone. Compaction may leave any part of
     * a group's records before the other, so the parts are kept meanwhile.
     */
    public void replay(ModernGroupRecord record) {
        ConsumerGroup group = groups.computeIfAbsent(record.groupId(), ConsumerGroup::new);
        group.replay(record);
        if (!group.exists() && group.isBlank()) {
            groups.remove(record.groupId());
        }
    }
}
