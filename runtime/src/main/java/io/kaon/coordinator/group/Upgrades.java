// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.coordinator.group.assignor.Assignment;
import io.kaon.coordinator.group.consumer.CurrentAssignment;
import io.kaon.coordinator.group.consumer.MemberProfile;
import io.kaon.coordinator.group.consumer.MemberProfile.ClassicProtocol;
import io.kaon.coordinator.group.consumer.MemberProfile.ClassicSide;
import io.kaon.coordinator.group.consumer.MemberState;
import io.kaon.coordinator.group.consumer.ModernGroupRecord;
import io.kaon.coordinator.group.consumer.PartitionEpochs;
import io.kaon.metadata.ClusterImage;
import io.kaon.wire.message.ConsumerProtocolAssignment;
import io.kaon.wire.message.ConsumerProtocolSubscription;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides what a classic group looks like as a group of the consumer protocol (KIP-848): its generation becomes the
 * epoch, what its leader assigned becomes both what members are meant to own and what they do own. Changes nothing.
 */
final class Upgrades {
    private Upgrades() {}

    /** What came of it. */
    sealed interface Outcome {}

    /** The records of the consumer group, to be written in one batch with the tombstone of the classic one. */
    record Possible(List<ModernGroupRecord> records) implements Outcome {
        Possible {
            records = List.copyOf(records);
        }
    }

    /** The group stays what it is. */
    record Refused(String reason) implements Outcome {}

    static Outcome decide(ClassicGroup group, ClusterImage image) {
        if (!group.protocolType().equals(ClassicGroup.CONSUMER)) {
            return new Refused("its protocol is not that of consumers");
        }
        List<Upgraded> members = new ArrayList<>(group.roster().size());
        Set<String> given = new HashSet<>();
        for (ClassicMember member : group.roster().all()) {
            byte[] metadata = metadata(group, member);
            Optional<ConsumerProtocolSubscription> subscription = EmbeddedProtocol.subscription(metadata);
            Optional<ConsumerProtocolAssignment> assignment = EmbeddedProtocol.assignment(member.held());
            if (subscription.isEmpty() || assignment.isEmpty()) {
                return new Refused("what a member says of itself cannot be read");
            }
            byte[] userData = assignment.get().userData();
            if (userData != null && userData.length > 0) {
                return new Refused("its assignor of its own has data that would be lost");
            }
            Assignment partitions = EmbeddedProtocol.partitions(assignment.get(), image);
            if (!addAll(given, partitions)) {
                return new Refused("its assignor gave a partition to two members");
            }
            members.add(new Upgraded(profileOf(member, subscription.get()), partitions));
        }
        return new Possible(records(group, members));
    }

    /** Under the protocol of the generation; a member that came later may not speak that one. */
    private static byte[] metadata(ClassicGroup group, ClassicMember member) {
        return member.protocols().stream()
                .filter(protocol -> protocol.name().equals(group.protocol()))
                .findFirst()
                .or(() -> member.protocols().stream().findFirst())
                .map(MemberProtocol::metadata)
                .orElse(ClassicMember.NO_ASSIGNMENT);
    }

    private static boolean addAll(Set<String> given, Assignment partitions) {
        boolean[] isNew = {true};
        partitions
                .topics()
                .forEach((topicId, indexes) -> indexes.forEach(index -> isNew[0] &= given.add(topicId + "-" + index)));
        return isNew[0];
    }

    static MemberProfile profileOf(ClassicMember member, ConsumerProtocolSubscription subscription) {
        return new MemberProfile(
                member.memberId(),
                member.instanceId(),
                subscription.rackId() == null ? "" : subscription.rackId(),
                new MemberProfile.Client(
                        member.client().clientId(), member.client().clientHost()),
                new MemberProfile.Subscription(new TreeSet<>(subscription.topics()), ""),
                member.timeouts().rebalanceMs(),
                "",
                Optional.of(new ClassicSide(member.timeouts().sessionMs(), protocolsOf(member.protocols()))));
    }

    static List<ClassicProtocol> protocolsOf(List<MemberProtocol> protocols) {
        return protocols.stream()
                .map(protocol -> new ClassicProtocol(protocol.name(), protocol.metadata()))
                .toList();
    }

    /** In the order in which Kafka writes them. */
    private static List<ModernGroupRecord> records(ClassicGroup group, List<Upgraded> members) {
        String groupId = group.groupId();
        int epoch = group.generation();
        List<ModernGroupRecord> records = new ArrayList<>(3 * members.size() + 2);
        members.forEach(member -> records.add(new ModernGroupRecord.MemberStored(groupId, member.profile())));
        // The hash of the topics is worked out with the first heartbeat, which is what brought us here.
        records.add(new ModernGroupRecord.EpochStored(groupId, epoch, 0));
        members.forEach(member -> records.add(
                new ModernGroupRecord.TargetStored(groupId, member.profile().memberId(), member.partitions())));
        // Computed by somebody else, at a time that does not count: the next target is due at once.
        records.add(new ModernGroupRecord.TargetEpochStored(groupId, epoch, 0));
        members.forEach(member -> records.add(new ModernGroupRecord.CurrentStored(
                groupId,
                member.profile().memberId(),
                new CurrentAssignment(
                        epoch, epoch, MemberState.STABLE, epochs(member.partitions(), epoch), PartitionEpochs.EMPTY))));
        return records;
    }

    private static PartitionEpochs epochs(Assignment partitions, int epoch) {
        PartitionEpochs.Builder builder = new PartitionEpochs.Builder();
        partitions.topics().forEach((topicId, indexes) -> indexes.forEach(index -> builder.add(topicId, index, epoch)));
        return builder.build();
    }

    private record Upgraded(MemberProfile profile, Assignment partitions) {}
}
