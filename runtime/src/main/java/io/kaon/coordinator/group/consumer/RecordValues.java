// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.common.Uuid;
import io.kaon.coordinator.group.assignor.Assignment;
import io.kaon.coordinator.group.assignor.PartitionSet;
import io.kaon.coordinator.group.consumer.MemberProfile.ClassicProtocol;
import io.kaon.coordinator.group.consumer.MemberProfile.ClassicSide;
import io.kaon.coordinator.group.consumer.MemberProfile.Client;
import io.kaon.coordinator.group.consumer.MemberProfile.Subscription;
import io.kaon.wire.WireReader;
import io.kaon.wire.state.ConsumerGroupCurrentMemberAssignmentValue;
import io.kaon.wire.state.ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions;
import io.kaon.wire.state.ConsumerGroupMemberMetadataValue;
import io.kaon.wire.state.ConsumerGroupMemberMetadataValue.ClassicMemberMetadata;
import io.kaon.wire.state.ConsumerGroupRegularExpressionValue;
import io.kaon.wire.state.ConsumerGroupTargetAssignmentMemberValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Values of records, to and fro. */
final class RecordValues {
    private RecordValues() {}

    static ConsumerGroupMemberMetadataValue of(MemberProfile member) {
        return new ConsumerGroupMemberMetadataValue()
                .setInstanceId(orNull(member.instanceId()))
                .setRackId(orNull(member.rackId()))
                .setClientId(member.client().id())
                .setClientHost(member.client().host())
                .setSubscribedTopicNames(List.copyOf(member.subscription().names()))
                .setSubscribedTopicRegex(orNull(member.subscription().regex()))
                .setRebalanceTimeoutMs(member.rebalanceTimeoutMs())
                .setServerAssignor(orNull(member.serverAssignor()))
                .setClassicMemberMetadata(
                        member.classic().map(RecordValues::classic).orElse(null));
    }

    private static ClassicMemberMetadata classic(ClassicSide side) {
        List<ConsumerGroupMemberMetadataValue.ClassicProtocol> protocols = new ArrayList<>();
        for (ClassicProtocol protocol : side.protocols()) {
            protocols.add(new ConsumerGroupMemberMetadataValue.ClassicProtocol()
                    .setName(protocol.name())
                    .setMetadata(protocol.metadata()));
        }
        return new ClassicMemberMetadata()
                .setSessionTimeoutMs(side.sessionTimeoutMs())
                .setSupportedProtocols(protocols);
    }

    static MemberProfile member(String memberId, WireReader in, short version) {
        ConsumerGroupMemberMetadataValue value = ConsumerGroupMemberMetadataValue.from(in, version);
        Subscription subscription =
                new Subscription(new TreeSet<>(value.subscribedTopicNames()), orEmpty(value.subscribedTopicRegex()));
        return new MemberProfile(
                memberId,
                orEmpty(value.instanceId()),
                orEmpty(value.rackId()),
                new Client(value.clientId(), value.clientHost()),
                subscription,
                value.rebalanceTimeoutMs(),
                orEmpty(value.serverAssignor()),
                Optional.ofNullable(value.classicMemberMetadata()).flatMap(RecordValues::classic));
    }

    /** Without protocols it is the default of the format, which stands for "none". */
    private static Optional<ClassicSide> classic(ClassicMemberMetadata value) {
        List<ClassicProtocol> protocols = new ArrayList<>();
        value.supportedProtocols()
                .forEach(protocol -> protocols.add(new ClassicProtocol(protocol.name(), protocol.metadata())));
        return protocols.isEmpty()
                ? Optional.empty()
                : Optional.of(new ClassicSide(value.sessionTimeoutMs(), protocols));
    }

    static ConsumerGroupTargetAssignmentMemberValue of(Assignment target) {
        List<ConsumerGroupTargetAssignmentMemberValue.TopicPartition> topics = new ArrayList<>();
        target.topics()
                .forEach((topicId, partitions) ->
                        topics.add(new ConsumerGroupTargetAssignmentMemberValue.TopicPartition()
                                .setTopicId(topicId)
                                .setPartitions(partitions.stream().boxed().toList())));
        return new ConsumerGroupTargetAssignmentMemberValue().setTopicPartitions(topics);
    }

    static Assignment target(WireReader in, short version) {
        Map<Uuid, PartitionSet> topics = new TreeMap<>();
        ConsumerGroupTargetAssignmentMemberValue.from(in, version)
                .topicPartitions()
                .forEach(topic -> topics.put(topic.topicId(), PartitionSet.copyOf(topic.partitions())));
        return new Assignment(topics);
    }

    static ConsumerGroupCurrentMemberAssignmentValue of(CurrentAssignment current) {
        return new ConsumerGroupCurrentMemberAssignmentValue()
                .setMemberEpoch(current.memberEpoch())
                .setPreviousMemberEpoch(current.previousEpoch())
                .setState(current.state().code())
                .setAssignedPartitions(wire(current.assigned()))
                .setPartitionsPendingRevocation(wire(current.revoking()));
    }

    private static List<TopicPartitions> wire(PartitionEpochs partitions) {
        List<TopicPartitions> topics = new ArrayList<>();
        partitions
                .topics()
                .forEach((topicId, epochs) -> topics.add(new TopicPartitions()
                        .setTopicId(topicId)
                        .setPartitions(List.copyOf(epochs.keySet()))
                        .setAssignmentEpochs(List.copyOf(epochs.values()))));
        return topics;
    }

    static CurrentAssignment current(WireReader in, short version) {
        ConsumerGroupCurrentMemberAssignmentValue value = ConsumerGroupCurrentMemberAssignmentValue.from(in, version);
        return new CurrentAssignment(
                value.memberEpoch(),
                value.previousMemberEpoch(),
                MemberState.of(value.state()),
                epochs(value.assignedPartitions(), value.memberEpoch()),
                epochs(value.partitionsPendingRevocation(), value.memberEpoch()));
    }

    /** Records of Kafka before 4.4 do not say at which epoch a partition was given: the member's is the latest. */
    private static PartitionEpochs epochs(List<TopicPartitions> topics, int memberEpoch) {
        PartitionEpochs.Builder builder = new PartitionEpochs.Builder();
        for (TopicPartitions topic : topics) {
            List<Integer> epochs = topic.assignmentEpochs();
            boolean isComplete =
                    epochs != null && epochs.size() == topic.partitions().size();
            for (int i = 0; i < topic.partitions().size(); i++) {
                builder.add(topic.topicId(), topic.partitions().get(i), isComplete ? epochs.get(i) : memberEpoch);
            }
        }
        return builder.build();
    }

    static ConsumerGroupRegularExpressionValue of(ResolvedRegex resolved) {
        return new ConsumerGroupRegularExpressionValue()
                .setTopics(List.copyOf(resolved.topics()))
                .setVersion(resolved.version())
                .setTimestamp(resolved.timestampMs());
    }

    static ResolvedRegex regex(WireReader in, short version) {
        ConsumerGroupRegularExpressionValue value = ConsumerGroupRegularExpressionValue.from(in, version);
        return new ResolvedRegex(new TreeSet<>(value.topics()), value.version(), value.timestamp());
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    private static String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
