// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
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
 * position; and those that wait for the end of their transaction. Changed by replay only. Owned by the shard.
 *
 * <pre>
 * plain commit ─────────────────────────────▶ committed ──tombstone──▶ gone
 * transactional commit ──▶ pending ──commit marker, unless a later commit is there──▶ committed
 *                             ├──abort marker──▶ gone
 *                             └──tombstone of the partition──▶ gone
 * </pre>
 */
final class OffsetStore {
    private final Timeline timeline;
    private final Map<String, TimelineMap<TopicPartition, OffsetEntry>> groups = new HashMap<>();
    private final OpenTransactions transactions = new OpenTransactions();
    /** One instance per topic name: a million keys read from the log would hold a million copies of it. */
    private final Map<String, String> topicNames = new HashMap<>();

    private final Map<Uuid, Uuid> topicIds = new HashMap<>();

    OffsetStore(Timeline timeline) {
        this.timeline = timeline;
    }

    void replay(long offset, GroupRecord.OffsetCommitted record) {
        put(offset, record.groupId(), shared(record.partition()), placed(offset, record.entry()));
    }

    void replayTransactional(long offset, ProducerIdAndEpoch producer, GroupRecord.OffsetCommitted record) {
        transactions.replay(
                producer,
                new GroupRecord.OffsetCommitted(record.groupId(), shared(record.partition()), record.entry()),
                placed(offset, record.entry()));
    }

    /** The end of the producer's transaction stands at {@code offset}. */
    void replayMarker(long offset, long producerId, boolean committed) {
        transactions.end(producerId).filter(ended -> committed).ifPresent(ended -> ended.groupIds()
                .forEach(groupId -> ended.forEach(groupId, (partition, entry) -> {
                    // Compaction keeps the record that was written last, whatever its transaction did afterwards.
                    if (latest(groupId, partition)
                                    .map(OffsetEntry::recordOffset)
                                    .orElse(OffsetEntry.UNWRITTEN)
                            < entry.recordOffset()) {
                        put(offset, groupId, partition, entry);
                    }
                })));
    }

    private void put(long offset, String groupId, TopicPartition partition, OffsetEntry entry) {
        groups.computeIfAbsent(groupId, id -> new TimelineMap<>(timeline)).put(offset, partition, entry);
    }

    private TopicPartition shared(TopicPartition partition) {
        String topic = topicNames.putIfAbsent(partition.topic(), partition.topic());
        return topic == null || topic == partition.topic()
                ? partition
                : new TopicPartition(topic, partition.partition());
    }

    private OffsetEntry placed(long offset, OffsetEntry entry) {
        Uuid known = topicIds.putIfAbsent(entry.topicId(), entry.topicId());
        return entry.at(offset, known == null ? entry.topicId() : known);
    }

    OpenTransactions transactions() {
        return transactions;
    }

    void replay(long offset, GroupRecord.OffsetRemoved record) {
        TimelineMap<TopicPartition, OffsetEntry> offsets = groups.get(record.groupId());
        if (offsets != null) {
            offsets.remove(offset, record.partition());
        }
        transactions.forget(record.groupId(), record.partition());
    }

    /** Whether the group has any offset, or one that waits for its transaction, as of the newest record. */
    boolean holds(String groupId) {
        return hasOffsets(groupId) || transactions.isPending(groupId);
    }

    /** Whether the group has any offset, as of the newest record. */
    boolean hasOffsets(String groupId) {
        TimelineMap<TopicPartition, OffsetEntry> offsets = groups.get(groupId);
        return offsets != null && !offsets.isEmpty();
    }

    /** Whether the partition has an offset, or one that waits for its transaction, as of the newest record. */
    boolean holds(String groupId, TopicPartition partition) {
        return latest(groupId, partition).isPresent() || transactions.isPending(groupId, partition);
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

    /** How many offsets the group has, with those that are on their way; a little too many rather than too few. */
    int size(String groupId) {
        TimelineMap<TopicPartition, OffsetEntry> offsets = groups.get(groupId);
        return offsets == null ? 0 : offsets.size();
    }

    /** Whether {@link #groupIds} has the group. */
    boolean knows(String groupId) {
        return groups.containsKey(groupId);
    }

    /** Nobody will commit for these topics any more. */
    void forget(DeletedTopics topics) {
        topics.namesById().forEach((id, name) -> {
            topicIds.remove(id);
            topicNames.remove(name);
        });
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
