// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.group.GroupPhase.Stable;
import io.kaon.wire.message.DescribeGroupsResponse.DescribedGroup;
import io.kaon.wire.message.DescribeGroupsResponse.DescribedGroupMember;
import io.kaon.wire.message.ListGroupsRequest;
import io.kaon.wire.message.ListGroupsResponse.ListedGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What people see of groups: DescribeGroups (api 15) and ListGroups (api 16). Reads only. */
final class GroupViews {
    private static final String CLASSIC = "classic";
    private static final String EMPTY = new GroupPhase.Empty().kafkaName();
    /** From here on a group that is not there is an error; before, it was described as dead. */
    private static final short NOT_FOUND_VERSION = 6;

    private final Groups groups;
    private final OffsetStore offsets;

    GroupViews(Groups groups, OffsetStore offsets) {
        this.groups = groups;
        this.offsets = offsets;
    }

    DescribedGroup describe(short version, String groupId) {
        Optional<ClassicGroup> group = groups.find(groupId);
        if (group.isPresent()) {
            return describe(group.get());
        }
        if (offsets.hasCommittedOffsets(groupId)) {
            return new DescribedGroup().setGroupId(groupId).setGroupState(EMPTY);
        }
        DescribedGroup missing = new DescribedGroup().setGroupId(groupId).setGroupState(GroupPhase.Dead.NAME);
        return version < NOT_FOUND_VERSION
                ? missing
                : missing.setErrorCode(ErrorCode.GROUP_ID_NOT_FOUND.code())
                        .setErrorMessage("Group " + groupId + " not found.");
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
        if (!matches(filter.typesFilter(), CLASSIC)) {
            return listed;
        }
        for (ClassicGroup group : groups.all()) {
            add(
                    listed,
                    filter,
                    group.groupId(),
                    group.protocolType(),
                    group.phase().kafkaName());
        }
        for (String groupId : offsets.groupIds()) {
            if (groups.find(groupId).isEmpty() && offsets.hasCommittedOffsets(groupId)) {
                add(listed, filter, groupId, "", EMPTY);
            }
        }
        return listed;
    }

    private static void add(
            List<ListedGroup> listed, ListGroupsRequest filter, String groupId, String protocolType, String state) {
        if (matches(filter.statesFilter(), state)) {
            listed.add(new ListedGroup()
                    .setGroupId(groupId)
                    .setProtocolType(protocolType)
                    .setGroupState(state)
                    .setGroupType(CLASSIC));
        }
    }

    private static boolean matches(List<String> filter, String value) {
        return filter.isEmpty() || filter.stream().anyMatch(value::equalsIgnoreCase);
    }
}
