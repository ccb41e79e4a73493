// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.group.consumer.ConsumerGroup;
import io.kaon.coordinator.group.consumer.ConsumerGroups;
import java.util.Optional;

/** Finds the group of whatever kind that stands behind a group id. Reads only. Owned by the shard. */
final class Memberships {
    private final Groups classic;
    private final ConsumerGroups consumer;
    private final OffsetStore offsets;

    Memberships(Groups classic, ConsumerGroups consumer, OffsetStore offsets) {
        this.classic = classic;
        this.consumer = consumer;
        this.offsets = offsets;
    }

    /** Empty for a group that only has offsets, or nothing. */
    Optional<MemberCheck> find(String groupId) {
        Optional<ConsumerGroup> modern = consumer.find(groupId);
        return modern.isPresent()
                ? modern.map(ConsumerMembership::new)
                : classic.find(groupId).map(ClassicMembership::new);
    }

    /** Whether there is anything by that name: members, a past, or offsets. */
    boolean exists(String groupId) {
        return consumer.find(groupId).isPresent() || classic.find(groupId).isPresent() || offsets.holds(groupId);
    }

    /**
     * What is said to somebody who wants to commit for a group without members and past.
     *
     * @param epoch that the request shows
     * @param saysNotFound whether the version of the request knows GROUP_ID_NOT_FOUND
     */
    ErrorCode withoutGroup(String groupId, int epoch, boolean saysNotFound) {
        if (epoch < 0) {
            return ErrorCode.NONE;
        }
        if (offsets.holds(groupId)) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        return saysNotFound ? ErrorCode.GROUP_ID_NOT_FOUND : ErrorCode.ILLEGAL_GENERATION;
    }
}
