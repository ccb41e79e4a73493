// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import io.kaon.common.Uuid;
import java.util.Set;

/**
 * What an assignor sees of a member.
 *
 * @param memberId never empty
 * @param instanceId of a static member; empty for others
 * @param rack where the consumer runs; empty when it did not say
 * @param subscribedTopics the ids of the topics that its names and its expression stand for; not copied, so the
 *     members of a group may share one set: it must not change
 * @param target what the group's last target assignment gave it, kept where possible
 */
public record AssignorMember(
        String memberId, String instanceId, String rack, Set<Uuid> subscribedTopics, Assignment target) {
    /** Static membership: the instance keeps its partitions under a new member id. */
    public boolean isStatic() {
        return !instanceId.isEmpty();
    }
}
