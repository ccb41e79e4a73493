// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.TopicPartition;
import io.kaon.coordinator.group.consumer.ModernGroupRecord;

/** What {@code __consumer_offsets} holds, as far as this coordinator writes it. */
sealed interface GroupRecord {
    /** The group's offset of a partition is this from now on. */
    record OffsetCommitted(String groupId, TopicPartition partition, OffsetEntry entry) implements GroupRecord {}

    /** The group has no offset of that partition any more. */
    record OffsetRemoved(String groupId, TopicPartition partition) implements GroupRecord {}

    /** The group completed a generation, or became empty. */
    record GroupStored(String groupId, StoredGroup group) implements GroupRecord {}

    /** The group is no more. Its offsets have been removed by records of their own. */
    record GroupRemoved(String groupId) implements GroupRecord {}

    /** Something about a group of the consumer protocol (KIP-848). */
    record Modern(ModernGroupRecord record) implements GroupRecord {}
}
