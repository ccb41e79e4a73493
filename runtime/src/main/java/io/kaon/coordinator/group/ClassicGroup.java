// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.group.GroupPhase.Dead;
import io.kaon.coordinator.group.GroupPhase.Empty;
import io.kaon.coordinator.group.GroupPhase.PreparingRebalance;
import io.kaon.coordinator.group.GroupPhase.Stable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A group under the classic protocol as its members see it now. Not persisted as such: what is written is its last
 * completed generation ({@link StoredGroup}), from which the next coordinator starts. Owned by the shard.
 */
final class ClassicGroup {
    /** The protocol type of Kafka consumers, whose metadata the coordinator can read. */
    static final String CONSUMER = "consumer";

    private final String groupId;
    private final Roster roster = new Roster();
    private GroupPhase phase = new Empty();
    private long phaseSinceMs;
    private int generation;
    private String protocolType = "";
    private String protocol = "";
    private String leader = "";
    /** Topics of all members, worked out when first asked for: expiry asks for each of very many partitions. */
    private Optional<Set<String>> subscribed = Optional.empty();

    private long subscribedAt = -1;
    private String subscribedUnder = "";

    ClassicGroup(String groupId, long nowMs) {
        this.groupId = groupId;
        this.phaseSinceMs = nowMs;
    }

    /** The group as its last generation was written. */
    static ClassicGroup restored(String groupId, StoredGroup stored) {
        ClassicGroup group = new ClassicGroup(groupId, stored.stateTimestampMs());
        group.generation = stored.generation();
        group.protocolType = stored.protocolType();
        group.protocol = stored.protocol();
        group.leader = stored.leader();
        for (StoredMember member : stored.members()) {
            ClassicMember restored = new ClassicMember(
                    member.memberId(),
                    member.instanceId(),
                    member.client(),
                    member.timeouts(),
                    List.of(new MemberProtocol(stored.protocol(), member.subscription())));
            restored.assign(member.assignment());
            group.roster.add(restored);
        }
        group.phase = stored.members().isEmpty() ? new Empty() : new Stable();
        return group;
    }

    /** A stable group of these members, the first of which leads: one that was under another protocol until now. */
    static ClassicGroup formed(String groupId, int generation, List<ClassicMember> members, long nowMs) {
        ClassicGroup group = new ClassicGroup(groupId, nowMs);
        members.forEach(member -> group.add(member, CONSUMER));
        group.generation = generation;
        group.protocol = group.roster.electProtocol().orElse("");
        group.phase = new Stable();
        return group;
    }

    /** What is to be written of this generation, with these assignments instead of the ones that members have. */
    StoredGroup toStored(Map<String, byte[]> assignments) {
        List<StoredMember> members = new ArrayList<>(roster.size());
        for (ClassicMember member : roster.all()) {
            members.add(new StoredMember(
                    member.memberId(),
                    member.instanceId(),
                    member.client(),
                    member.timeouts(),
                    member.metadata(protocol),
                    assignments.getOrDefault(member.memberId(), member.assignment())));
        }
        return new StoredGroup(protocolType, generation, protocol, leader, phaseSinceMs, members);
    }

    String groupId() {
        return groupId;
    }

    Roster roster() {
        return roster;
    }

    GroupPhase phase() {
        return phase;
    }

    /** Wall time of the last step, −1 if the record that it was restored from did not say. */
    long phaseSinceMs() {
        return phaseSinceMs;
    }

    void moveTo(GroupPhase next, long nowMs) {
        phase = next;
        phaseSinceMs = nowMs;
    }

    boolean isEmpty() {
        return phase instanceof Empty;
    }

    int generation() {
        return generation;
    }

    /** Empty until the first member has come. */
    String protocolType() {
        return protocolType;
    }

    /** The assignor of this generation, empty if there is none. */
    String protocol() {
        return protocol;
    }

    String leader() {
        return leader;
    }

    boolean isLeader(String memberId) {
        return !memberId.isEmpty() && memberId.equals(leader);
    }

    /** Adds a member; the first one decides what type of group this is and leads it. */
    void add(ClassicMember member, String memberProtocolType) {
        if (roster.isEmpty()) {
            protocolType = memberProtocolType;
        }
        if (leader.isEmpty()) {
            leader = member.memberId();
        }
        roster.add(member);
    }

    /** Removes a member or pending id; if it led, the eldest of the others does. */
    void remove(String memberId) {
        roster.remove(memberId);
        if (isLeader(memberId)) {
            leader = roster.all().stream()
                    .findFirst()
                    .map(ClassicMember::memberId)
                    .orElse("");
        }
    }

    ClassicMember replaceStatic(ClassicMember old, String newMemberId, ClientIdentity client) {
        ClassicMember renamed = roster.replace(old, newMemberId, client);
        if (isLeader(old.memberId())) {
            leader = newMemberId;
        }
        return renamed;
    }

    /** Makes sure that the leader is somebody who has joined; false if nobody has. */
    boolean electJoinedLeader() {
        if (roster.find(leader).map(ClassicMember::isAwaitingJoin).orElse(false)) {
            return true;
        }
        Optional<ClassicMember> next =
                roster.all().stream().filter(ClassicMember::isAwaitingJoin).findFirst();
        next.ifPresent(member -> leader = member.memberId());
        return next.isPresent();
    }

    /** Ends the join phase: the next generation, of whoever is there. */
    void beginGeneration(PreparingRebalance preparing, long nowMs) {
        generation++;
        roster.clearPendingSyncs();
        if (roster.isEmpty()) {
            protocol = "";
            leader = "";
            moveTo(preparing.abandon(), nowMs);
        } else {
            protocol = roster.electProtocol().orElse("");
            moveTo(preparing.form(), nowMs);
        }
    }

    /** Whether members with this type and any of these protocols may join. */
    boolean supports(String memberProtocolType, List<MemberProtocol> protocols) {
        if (protocols.isEmpty() || memberProtocolType.isEmpty()) {
            return false;
        }
        if (isEmpty()) {
            return true;
        }
        // Until the first member is in, a group that is not empty any more has no type yet: pending ids only.
        return memberProtocolType.equals(protocolType)
                && protocols.stream().anyMatch(candidate -> roster.isCommon(candidate.name()));
    }

    /**
     * Whether the request comes from a member.
     *
     * @param instanceId {@code group.instance.id}, null for a dynamic member, as in the requests
     * @return NONE, UNKNOWN_MEMBER_ID, or FENCED_INSTANCE_ID when another process has taken this static member's seat
     */
    ErrorCode check(String memberId, String instanceId) {
        if (instanceId != null) {
            Optional<String> current = roster.idOfInstance(instanceId);
            if (current.isPresent() && !current.get().equals(memberId)) {
                return ErrorCode.FENCED_INSTANCE_ID;
            }
            if (current.isEmpty()) {
                return ErrorCode.UNKNOWN_MEMBER_ID;
            }
        }
        return roster.contains(memberId) ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
    }

    /** As {@link #check(String, String)}, and the request must be of this generation. */
    ErrorCode check(String memberId, String instanceId, int requestGeneration) {
        if (phase instanceof Dead) {
            return ErrorCode.COORDINATOR_NOT_AVAILABLE;
        }
        ErrorCode error = check(memberId, instanceId);
        if (error == ErrorCode.NONE && requestGeneration != generation) {
            return ErrorCode.ILLEGAL_GENERATION;
        }
        return error;
    }

    /**
     * Whether the members consume the topic, as far as the coordinator can tell: it may only be sure of the opposite.
     */
    boolean isSubscribedTo(String topic) {
        if (!protocolType.equals(CONSUMER)) {
            return false;
        }
        if (subscribedAt != roster.changes() || !subscribedUnder.equals(protocol)) {
            subscribedAt = roster.changes();
            subscribedUnder = protocol;
            subscribed = subscribedTopics();
        }
        return subscribed.isEmpty() || subscribed.get().contains(topic);
    }

    /** Of all members; empty if somebody's cannot be read. */
    private Optional<Set<String>> subscribedTopics() {
        Set<String> topics = new HashSet<>();
        for (ClassicMember member : roster.all()) {
            Optional<List<String>> known = Subscriptions.topics(member.metadata(protocol));
            if (known.isEmpty()) {
                return Optional.empty();
            }
            topics.addAll(known.get());
        }
        return Optional.of(topics);
    }
}
