// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.TopicPartition;
import io.kaon.coordinator.Timeline;
import io.kaon.coordinator.TimelineMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The committed offsets of a shard's groups, by group and partition, as of the newest record and as of the committed
 * position. Changed by replay only. Owned by the shard.
 */
final class OffsetStore {
    private final Timeline timeline;
    private final Map<String, TimelineMap<TopicPartition, OffsetEntry>> groups = new HashMap<>();
    /** One instance per topic name: a million keys read from the log would hold a million copies of it. */
    private final Map<String, String> topicNames = new HashMap<>();

    OffsetStore(Timeline timeline) {
        this.timeline = timeline;
    }

    void replay(long offset, GroupRecord.OffsetCommitted record) {
        TopicPartition partition = record.partition();
        String topic = topicNames.computeIfAbsent(partition.topic(), name -> name);
        TopicPartition key = new TopicPartition(topic, partition.partition());
        groups.computeIfAbsent(record.groupId(), id -> new TimelineMap<>(timeline))
                .put(offset, key, record.entry());
    }

    void replay(long offset, GroupRecord.OffsetRemoved record) {
        TimelineMap<TopicPartition, OffsetEntry> offsets = groups.get(record.groupId());
        if (offsets != null) {
            offsets.remove(offset, record.partition());
        }
    }

    /** Whether the group has any offset, as of the newest record. */
    boolean hasOffsets(String groupId) {
        TimelineMap<TopicPartition, OffsetEntry> offsets = groups.get(groupId);
        return offsets != null && !offsets.isEmpty();
    }

    /** Whether the group has any offset that is committed. */
    boolean hasCommittedOffsets(String groupId) {
        TimelineMap<TopicPartition, OffsetEntry> offsets = groups.get(groupId);
        return offsets != null && !offsets.isCommittedEmpty();
    }

    /** As of the newest record. */
    Optional<OffsetEntry> latest(String groupId, TopicPartition partition) {
        return Optional.ofNullable(groups.get(groupId)).flatMap(offsets -> offsets.latest(partition));
    }

    /** At the committed position. */
    Optional<OffsetEntry> committed(String groupId, TopicPartition partition) {
        return Optional.ofNullable(groups.get(groupId)).flatMap(offsets -> offsets.committed(partition));
    }

    /** The group's offsets as of the newest record. */
    void forEachLatest(String groupId, BiConsumer<TopicPartition, OffsetEntry> visitor) {
        TimelineMap<TopicPartition, OffsetEntry> offsets = groups.get(groupId);
        if (offsets != null) {
            offsets.forEachLatest(visitor);
        }
    }

    /** The group's offsets at the committed position. */
    void forEachCommitted(String groupId, BiConsumer<TopicPartition, OffsetEntry> visitor) {
        TimelineMap<TopicPartition, OffsetEntry> offsets = groups.get(groupId);
        if (offsets != null) {
            offsets.forEachCommitted(visitor);
        }
    }

    /** The groups that have, or have had, offsets: a copy. */
    List<String> groupIds() {
        return new ArrayList<>(groups.keySet());
    }

    /** Lets go of a group whose last offset is gone, in the newest state and in the committed one. */
    void forgetIfEmpty(String groupId) {
        TimelineMap<TopicPartition, OffsetEntry> offsets = groups.get(groupId);
        if (offsets != null && offsets.isEmpty() && offsets.isCommittedEmpty()) {
            groups.remove(groupId);
        }
    }
}
