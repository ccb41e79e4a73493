// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.coordinator.Timeline;
import io.kaon.coordinator.TimelineMap;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The last written generation of every group of a shard. Changed by replay only. Owned by the shard. */
final class Generations {
    private final TimelineMap<String, StoredGroup> groups;

    Generations(Timeline timeline) {
        groups = new TimelineMap<>(timeline);
    }

    void replay(long offset, GroupRecord.GroupStored record) {
        groups.put(offset, record.groupId(), record.group());
    }

    void replay(long offset, GroupRecord.GroupRemoved record) {
        groups.remove(offset, record.groupId());
    }

    boolean isStored(String groupId) {
        return groups.latest(groupId).isPresent();
    }

    /** At the committed position. */
    Optional<StoredGroup> committed(String groupId) {
        return groups.committed(groupId);
    }

    void forEachLatest(BiConsumer<String, StoredGroup> visitor) {
        groups.forEachLatest(visitor);
    }
}
