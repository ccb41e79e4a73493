// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import io.kaon.common.Uuid;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A group as an assignor sees it. The order of the members does not matter: an assignor orders them itself.
 *
 * @param members all members, each id once
 * @param topics the topics that exist, by id; subscriptions to others count for nothing
 */
public record AssignorInput(List<AssignorMember> members, Map<Uuid, AssignorTopic> topics) {
    public AssignorInput {
        members = List.copyOf(members);
        topics = Map.copyOf(topics);
    }

    /** Whether all members have subscribed to the same topics. */
    public boolean isHomogeneous() {
        Set<Uuid> first = members.isEmpty() ? Set.of() : members.get(0).subscribedTopics();
        for (AssignorMember member : members) {
            if (member.subscribedTopics() != first && !member.subscribedTopics().equals(first)) {
                return false;
            }
        }
        return true;
    }
}
