// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.group.GroupPhase.Stable;
import io.kaon.coordinator.group.consumer.ConsumerGroup;
import io.kaon.coordinator.group.consumer.ConsumerGroups;
import io.kaon.wire.message.DescribeGroupsResponse.DescribedGroup;
import io.kaon.wire.message.DescribeGroupsResponse.DescribedGroupMember;
import io.kaon.wire.message.ListGroupsRequest;
import io.kaon.wire.message.ListGroupsResponse.ListedGroup;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What people see of groups: DescribeGroups (api 15) and ListGroups (api 16). Reads only. */
final class GroupViews {
    private static final String CLASSIC = "classic";
    private static final String CONSUMER = "consumer";
    private static final String EMPTY = new GroupPhase.Empty().kafkaName();
    /** From here on a group that is not there is an error; before, it was described as dead. */
    private static final short NOT_FOUND_VERSION = 6;

    private final Groups groups;
    private final ConsumerGroups consumerGroups;
    private final OffsetStore offsets;

    GroupViews(Groups groups, ConsumerGroups consumerGroups, OffsetStore offsets) {
        this.groups = groups;
        this.consumerGroups = consumerGroups;
        this.offsets = offsets;
    }

    DescribedGroup describe(short version, String groupId) {
        Optional<ClassicGroup> group = groups.find(groupId);
        if (group.isPresent()) {
            return describe(group.get());
        }
        boolean isOther = consumerGroups.find(groupId).isPresent();
        if (!isOther && hasOffsets(groupId)) {
            return new DescribedGroup().setGroupId(groupId).setGroupState(EMPTY);
        }
        DescribedGroup missing = new DescribedGroup().setGroupId(groupId).setGroupState(GroupPhase.Dead.NAME);
        return version < NOT_FOUND_VERSION
                ? missing
                : missing.setErrorCode(ErrorCode.GROUP_ID_NOT_FOUND.code())
                        .setErrorMessage("Group " + groupId + (isOther ? " is not a classic group." : " not found."));
    }

    static DescribedGroup failed(String groupId, ErrorCode error) {
        return new DescribedGroup().setGroupId(groupId).setErrorCode(error.code());
    }

    private static DescribedGroup describe(ClassicGroup group) {
        boolean isStable = group.phase() instanceof Stable;
        List<DescribedGroupMember> members = new ArrayList<>(group.roster().size());
        for (ClassicMember member : group.roster().all()) {
            DescribedGroupMember described = new DescribedGroupMember()
                    .setMemberId(member.memberId())
                    .setGroupInstanceId(member.isStatic() ? member.instanceId() : null)
                    .setClientId(member.client().clientId())
                    .setClientHost(member.client().clientHost())
                    .setMemberMetadata(isStable ? member.metadata(group.protocol()) : ClassicMember.NO_ASSIGNMENT)
                    .setMemberAssignment(member.assignment());
            members.add(described);
        }
        return new DescribedGroup()
                .setGroupId(group.groupId())
                .setGroupState(group.phase().kafkaName())
                .setProtocolType(group.protocolType())
                .setProtocolData(isStable ? group.protocol() : "")
                .setMembers(members);
    }

    List<ListedGroup> list(ListGroupsRequest filter) {
        List<ListedGroup> listed = new ArrayList<>();
        if (matches(filter.typesFilter(), CLASSIC)) {
            addClassic(listed);
        }
        if (matches(filter.typesFilter(), CONSUMER)) {
            for (ConsumerGroup group : consumerGroups.all()) {
                listed.add(listed(group.groupId(), CONSUMER, group.state().kafkaName(), CONSUMER));
            }
        }
        listed.removeIf(group -> !matches(filter.statesFilter(), group.groupState()));
        return listed;
    }

    private void addClassic(List<ListedGroup> listed) {
        for (ClassicGroup group : groups.all()) {
            listed.add(
                    listed(group.groupId(), group.protocolType(), group.phase().kafkaName(), CLASSIC));
        }
        Set<String> others = new LinkedHashSet<>(offsets.groupIds());
        others.addAll(offsets.transactions().groupIds());
        for (String groupId : others) {
            if (groups.find(groupId).isEmpty() && consumerGroups.find(groupId).isEmpty() && hasOffsets(groupId)) {
                listed.add(listed(groupId, "", EMPTY, CLASSIC));
            }
        }
    }

    /** Also such as wait for the end of their transaction: the group is there, and can be deleted. */
    private boolean hasOffsets(String groupId) {
        return offsets.hasCommittedOffsets(groupId) || offsets.transactions().isPending(groupId);
    }

    /**
     * All groups with their offsets at the committed position.
     *
     * @param maxOffsets how many offsets at most, of all groups together
     */
    List<GroupReading> readings(int maxOffsets) {
        List<GroupReading> readings = new ArrayList<>();
        int left = maxOffsets;
        for (ListedGroup group : list(new ListGroupsRequest())) {
            List<GroupReading.Committed> some = new ArrayList<>();
            int[] count = new int[1];
            int room = left;
            offsets.forEachCommitted(group.groupId(), (partition, entry) -> {
                count[0]++;
                if (some.size() < room) {
                    some.add(new GroupReading.Committed(partition.topic(), partition.partition(), entry.offset()));
                }
            });
            left -= some.size();
            readings.add(new GroupReading(
                    group.groupId(),
                    group.groupType(),
                    group.groupState(),
                    membersOf(group.groupId()),
                    count[0],
                    List.copyOf(some)));
        }
        return readings;
    }

    private int membersOf(String groupId) {
        return groups.find(groupId)
                .map(group -> group.roster().size())
                .or(() -> consumerGroups.find(groupId).map(group -> group.members()
                        .size()))
                .orElse(0);
    }

    private static ListedGroup listed(String groupId, String protocolType, String state, String type) {
        return new ListedGroup()
                .setGroupId(groupId)
                .setProtocolType(protocolType)
                .setGroupState(state)
                .setGroupType(type);
    }

    private static boolean matches(List<String> filter, String value) {
        return filter.isEmpty() || filter.stream().anyMatch(value::equalsIgnoreCase);
    }
}
