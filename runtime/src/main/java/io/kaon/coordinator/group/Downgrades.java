// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.coordinator.group.consumer.ConsumerGroup;
import io.kaon.coordinator.group.consumer.MemberProfile;
import io.kaon.coordinator.group.consumer.MemberProfile.ClassicSide;
import io.kaon.metadata.ClusterImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides what a consumer group, left by the last member that speaks its protocol, looks like as a classic group: the
 * epoch of its target becomes the generation, and everybody is given what it is meant to own. Changes nothing.
 */
final class Downgrades {
    private Downgrades() {}

    /** The classic group; empty if somebody is there who does not speak that protocol, or nobody at all. */
    static Optional<ClassicGroup> decide(ConsumerGroup group, ClusterImage image, long nowMs) {
        List<ClassicMember> members = new ArrayList<>(group.members().size());
        for (MemberProfile profile : group.members().values()) {
            if (!profile.usesClassicProtocol()) {
                return Optional.empty();
            }
            members.add(toMember(profile, profile.classic().get()));
        }
        if (members.isEmpty()) {
            return Optional.empty();
        }
        // The epoch has risen since, because somebody left; members know that of the target, and nobody knows a newer.
        ClassicGroup classic = ClassicGroup.formed(group.groupId(), group.targetEpoch(), members, nowMs);
        if (classic.protocol().isEmpty()) {
            return Optional.empty();
        }
        for (ClassicMember member : members) {
            member.assign(EmbeddedProtocol.write(
                    EmbeddedProtocol.named(group.target(member.memberId()), image),
                    member.metadata(classic.protocol())));
        }
        return Optional.of(classic);
    }

    private static ClassicMember toMember(MemberProfile profile, ClassicSide side) {
        return new ClassicMember(
                profile.memberId(),
                profile.instanceId(),
                new ClientIdentity(profile.client().id(), profile.client().host()),
                MemberTimeouts.of(profile.rebalanceTimeoutMs(), side.sessionTimeoutMs()),
                side.protocols().stream()
                        .map(protocol -> new MemberProtocol(protocol.name(), protocol.metadata()))
                        .toList());
    }
}
