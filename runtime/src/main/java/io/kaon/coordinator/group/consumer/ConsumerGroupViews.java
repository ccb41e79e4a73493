// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.coordinator.group.assignor.Assignment;
import io.kaon.coordinator.group.assignor.PartitionSet;
import io.kaon.metadata.ClusterImage;
import io.kaon.wire.message.ConsumerGroupDescribeResponse;
import io.kaon.wire.message.ConsumerGroupDescribeResponse.DescribedGroup;
import io.kaon.wire.message.ConsumerGroupDescribeResponse.Member;
import io.kaon.wire.message.ConsumerGroupDescribeResponse.TopicPartitions;
import java.util.ArrayList;
import java.util.List;

/** What people see of consumer groups: ConsumerGroupDescribe (api 69). Reads only. */
public final class ConsumerGroupViews {
    /** {@code MemberType}, from version 1 on (KIP-1099). */
    private static final byte CLASSIC_MEMBER = 0;

    private static final byte CONSUMER_MEMBER = 1;

    private ConsumerGroupViews() {}

    /** An answer that only says what went wrong; message null for none. */
    public static DescribedGroup failed(String groupId, ErrorCode error, String message) {
        return new DescribedGroup()
                .setGroupId(groupId)
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }

    /**
     * The group after all that was replayed.
     *
     * @param image in which topics have names; partitions of others are left out
     * @param defaultAssignor for groups whose members prefer none
     */
    public static DescribedGroup describe(ConsumerGroup group, ClusterImage image, String defaultAssignor) {
        String preferred = group.wishes().assignors().mostWanted();
        List<Member> members = new ArrayList<>(group.members().size());
        for (MemberProfile member : group.members().values()) {
            members.add(describe(group, member, image));
        }
        return new DescribedGroup()
                .setGroupId(group.groupId())
                .setGroupState(group.state().kafkaName())
                .setGroupEpoch(group.epoch())
                .setAssignmentEpoch(group.targetEpoch())
                .setAssignorName(preferred.isEmpty() ? defaultAssignor : preferred)
                .setMembers(members);
    }

    private static Member describe(ConsumerGroup group, MemberProfile member, ClusterImage image) {
        CurrentAssignment current = group.current(member.memberId());
        Assignment owned =
                current.assigned().partitions().plus(current.revoking().partitions());
        return new Member()
                .setMemberId(member.memberId())
                .setInstanceId(orNull(member.instanceId()))
                .setRackId(orNull(member.rackId()))
                .setMemberEpoch(current.memberEpoch())
                .setClientId(member.client().id())
                .setClientHost(member.client().host())
                .setSubscribedTopicNames(List.copyOf(member.subscription().names()))
                .setSubscribedTopicRegex(orNull(member.subscription().regex()))
                .setAssignment(wire(owned, image))
                .setTargetAssignment(wire(group.target(member.memberId()), image))
                .setMemberType(member.usesClassicProtocol() ? CLASSIC_MEMBER : CONSUMER_MEMBER);
    }

    private static ConsumerGroupDescribeResponse.Assignment wire(Assignment assignment, ClusterImage image) {
        List<TopicPartitions> topics = new ArrayList<>();
        assignment.topics().forEach((topicId, partitions) -> image.topic(topicId)
                .ifPresent(topic -> topics.add(wire(topicId, topic.name(), partitions))));
        return new ConsumerGroupDescribeResponse.Assignment().setTopicPartitions(topics);
    }

    private static TopicPartitions wire(Uuid topicId, String name, PartitionSet partitions) {
        return new TopicPartitions()
                .setTopicId(topicId)
                .setTopicName(name)
                .setPartitions(partitions.stream().boxed().toList());
    }

    private static String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
