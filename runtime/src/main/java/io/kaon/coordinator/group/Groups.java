// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.exec.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The classic groups of a shard that have, or had, members. Groups that only have offsets are not here. Owned by the
 * shard.
 */
final class Groups {
    /** Groups with members per shard; with Kafka's 50 partitions, fifty times as many in all. */
    static final int MAX_GROUPS = 100_000;

    private final Map<String, ClassicGroup> groups = new HashMap<>();
    private final Clock clock;

    Groups(Clock clock) {
        this.clock = clock;
    }

    Optional<ClassicGroup> find(String groupId) {
        return Optional.ofNullable(groups.get(groupId));
    }

    /** Empty when there are too many groups already. */
    Optional<ClassicGroup> findOrCreate(String groupId) {
        ClassicGroup group = groups.get(groupId);
        if (group == null && groups.size() < MAX_GROUPS) {
            group = new ClassicGroup(groupId, clock.wallMs());
            groups.put(groupId, group);
        }
        return Optional.ofNullable(group);
    }

    void restore(ClassicGroup group) {
        groups.put(group.groupId(), group);
    }

    void remove(String groupId) {
        groups.remove(groupId);
    }

    /** A copy. */
    List<ClassicGroup> all() {
        return new ArrayList<>(groups.values());
    }
}
