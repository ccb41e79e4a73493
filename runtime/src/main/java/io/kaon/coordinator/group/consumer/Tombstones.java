// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import java.util.ArrayList;
import java.util.List;

/** The records after which nothing of a group is left, in Kafka's order. */
final class Tombstones {
    private Tombstones() {}

    static List<ModernGroupRecord> of(ConsumerGroup group) {
        String groupId = group.groupId();
        List<ModernGroupRecord> records = new ArrayList<>();
        group.members()
                .keySet()
                .forEach(memberId -> records.add(new ModernGroupRecord.CurrentRemoved(groupId, memberId)));
        group.targetMembers().forEach(memberId -> records.add(new ModernGroupRecord.TargetRemoved(groupId, memberId)));
        records.add(new ModernGroupRecord.TargetEpochRemoved(groupId));
        group.members()
                .keySet()
                .forEach(memberId -> records.add(new ModernGroupRecord.MemberRemoved(groupId, memberId)));
        group.regexes().keySet().forEach(regex -> records.add(new ModernGroupRecord.RegexRemoved(groupId, regex)));
        if (group.hasTopicMetadata()) {
            records.add(new ModernGroupRecord.TopicMetadataRemoved(groupId));
        }
        records.add(new ModernGroupRecord.EpochRemoved(groupId));
        return records;
    }
}
