// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import java.util.Map;

/**
 * Topics that are gone. One of the same name may be there already when their offsets are looked for: its offsets stay.
 *
 * @param namesById of each
 */
record DeletedTopics(Map<Uuid, String> namesById) {
    DeletedTopics {
        namesById = Map.copyOf(namesById);
    }

    boolean mentions(TopicPartition partition) {
        return namesById.containsValue(partition.topic());
    }

    /** Whether the offset is one of theirs; where the entry does not say whose it is, its name decides. */
    boolean own(TopicPartition partition, OffsetEntry entry) {
        return entry.topicId().equals(Uuid.ZERO) ? mentions(partition) : namesById.containsKey(entry.topicId());
    }
}
