// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.JoinGroupResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Who belongs to a classic group: members in join order, the ids given out but not used yet, who still has to sync, and
 * which protocols they have in common. Owned by the group's shard.
 */
final class Roster {
    private final Map<String, ClassicMember> members = new LinkedHashMap<>();
    private final Map<String, String> memberIdByInstance = new HashMap<>();
    private final Map<String, Integer> speakers = new HashMap<>();
    private final Set<String> pendingJoins = new LinkedHashSet<>();
    private final Set<String> pendingSyncs = new LinkedHashSet<>();
    private int awaitingJoin;
    private long changes;

    /** Rises whenever who belongs to the group, or what somebody speaks, has changed. */
    long changes() {
        return changes;
    }

    int size() {
        return members.size();
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    Collection<ClassicMember> all() {
        return Collections.unmodifiableCollection(members.values());
    }

    Optional<ClassicMember> find(String memberId) {
        return Optional.ofNullable(members.get(memberId));
    }

    boolean contains(String memberId) {
        return members.containsKey(memberId);
    }

    /** The member id that a static member has now. */
    Optional<String> idOfInstance(String instanceId) {
        return Optional.ofNullable(memberIdByInstance.get(instanceId));
    }

    void add(ClassicMember member) {
        members.put(member.memberId(), member);
        if (member.isStatic()) {
            memberIdByInstance.put(member.instanceId(), member.memberId());
        }
        count(member, 1);
        pendingJoins.remove(member.memberId());
    }

    /** Puts in what a join says, and lets the member wait for the answer. */
    void update(
            ClassicMember member,
            List<MemberProtocol> protocols,
            MemberTimeouts timeouts,
            CompletableFuture<JoinGroupResponse> answer) {
        describe(member, protocols, timeouts);
        awaitJoin(member, answer);
    }

    /** Puts in protocols and timeouts only. */
    void describe(ClassicMember member, List<MemberProtocol> protocols, MemberTimeouts timeouts) {
        count(member, -1);
        member.update(protocols, timeouts);
        count(member, 1);
    }

    void awaitJoin(ClassicMember member, CompletableFuture<JoinGroupResponse> answer) {
        if (!member.isAwaitingJoin()) {
            awaitingJoin++;
        }
        member.awaitJoin(answer);
    }

    /** Answers a waiting join; returns whether there was one. */
    boolean answerJoin(ClassicMember member, JoinGroupResponse response) {
        if (!member.isAwaitingJoin()) {
            return false;
        }
        awaitingJoin--;
        return member.answerJoin(response);
    }

    /**
     * Removes a member or a pending id. A join or sync that waits is answered with UNKNOWN_MEMBER_ID, so that a client
     * that is still there comes back as a new member.
     */
    void remove(String memberId) {
        ClassicMember member = members.remove(memberId);
        if (member != null) {
            count(member, -1);
            if (member.isStatic()) {
                memberIdByInstance.remove(member.instanceId(), memberId);
            }
            answerJoin(member, GroupAnswers.joinError("", ErrorCode.UNKNOWN_MEMBER_ID));
            member.answerSync(GroupAnswers.syncError(ErrorCode.UNKNOWN_MEMBER_ID));
        }
        pendingJoins.remove(memberId);
        pendingSyncs.remove(memberId);
    }

    /** A static member has come back under a new id: whoever still waits under the old one is fenced. */
    ClassicMember replace(ClassicMember old, String newMemberId, ClientIdentity client) {
        ClassicMember renamed = old.renamed(newMemberId, client);
        members.remove(old.memberId());
        answerJoin(old, GroupAnswers.joinError(old.memberId(), ErrorCode.FENCED_INSTANCE_ID));
        old.answerSync(GroupAnswers.syncError(ErrorCode.FENCED_INSTANCE_ID));
        if (pendingSyncs.remove(old.memberId())) {
            pendingSyncs.add(newMemberId);
        }
        members.put(newMemberId, renamed);
        memberIdByInstance.put(renamed.instanceId(), newMemberId);
        return renamed;
    }

    /** Members whose join waits for its answer. */
    int awaitingJoinCount() {
        return awaitingJoin;
    }

    /** Whether nobody is missing: every member has joined and every id that was given out has come back. */
    boolean hasAllJoined() {
        return awaitingJoin == members.size() && pendingJoins.isEmpty();
    }

    /** Dynamic members that have not joined again; static ones keep their seat until their session ends. */
    List<ClassicMember> missingDynamicMembers() {
        List<ClassicMember> missing = new ArrayList<>();
        for (ClassicMember member : members.values()) {
            if (!member.isAwaitingJoin() && !member.isStatic()) {
                missing.add(member);
            }
        }
        return missing;
    }

    boolean isPendingJoin(String memberId) {
        return pendingJoins.contains(memberId);
    }

    void addPendingJoin(String memberId) {
        pendingJoins.add(memberId);
    }

    int pendingJoinCount() {
        return pendingJoins.size();
    }

    void addPendingSync(String memberId) {
        pendingSyncs.add(memberId);
    }

    void removePendingSync(String memberId) {
        pendingSyncs.remove(memberId);
    }

    void clearPendingSyncs() {
        pendingSyncs.clear();
    }

    /** Members of the generation that have not asked for their assignment: a copy. */
    List<String> pendingSyncs() {
        return List.copyOf(pendingSyncs);
    }

    boolean hasPendingSyncs() {
        return !pendingSyncs.isEmpty();
    }

    /** The longest that any member wants a rebalance to wait. */
    int rebalanceTimeoutMs() {
        return members.values().stream()
                .mapToInt(member -> member.timeouts().rebalanceMs())
                .max()
                .orElse(0);
    }

    /** Whether every member speaks the protocol. */
    boolean isCommon(String protocol) {
        return speakers.getOrDefault(protocol, 0) == members.size();
    }

    /** The protocol that all members speak and most prefer; empty if there is none in common. */
    Optional<String> electProtocol() {
        Map<String, Integer> votes = new TreeMap<>();
        Set<String> candidates = candidates();
        for (ClassicMember member : members.values()) {
            member.vote(candidates).ifPresent(name -> votes.merge(name, 1, Integer::sum));
        }
        return votes.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }

    private Set<String> candidates() {
        Set<String> candidates = new LinkedHashSet<>();
        speakers.forEach((name, count) -> {
            if (count == members.size()) {
                candidates.add(name);
            }
        });
        return candidates;
    }

    private void count(ClassicMember member, int change) {
        changes++;
        // A member that names a protocol twice speaks it once.
        member.protocols().stream().map(MemberProtocol::name).distinct().forEach(name -> {
            if (speakers.merge(name, change, Integer::sum) == 0) {
                speakers.remove(name);
            }
        });
    }
}
