// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.SyncGroupResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A member of a classic group and what it waits for. Owned by the group's shard; changed through {@link Roster}. */
final class ClassicMember {
    static final byte[] NO_ASSIGNMENT = {};

    private final String memberId;
    private final String instanceId;
    private final ClientIdentity client;
    private MemberTimeouts timeouts;
    private List<MemberProtocol> protocols;
    private byte[] assignment = NO_ASSIGNMENT;
    private byte[] held = NO_ASSIGNMENT;
    private CompletableFuture<JoinGroupResponse> join;
    private CompletableFuture<SyncGroupResponse> sync;
    private boolean isNew;

    ClassicMember(
            String memberId,
            String instanceId,
            ClientIdentity client,
            MemberTimeouts timeouts,
            List<MemberProtocol> protocols) {
        this.memberId = memberId;
        this.instanceId = instanceId;
        this.client = client;
        this.timeouts = timeouts;
        this.protocols = protocols;
    }

    /** This member under another id: a static member that came back. Who waited under the old id is not taken along. */
    ClassicMember renamed(String newMemberId, ClientIdentity newClient) {
        ClassicMember renamed = new ClassicMember(newMemberId, instanceId, newClient, timeouts, protocols);
        renamed.assignment = assignment;
        renamed.held = held;
        return renamed;
    }

    String memberId() {
        return memberId;
    }

    /** {@code group.instance.id}, empty for a dynamic member. */
    String instanceId() {
        return instanceId;
    }

    boolean isStatic() {
        return !instanceId.isEmpty();
    }

    ClientIdentity client() {
        return client;
    }

    MemberTimeouts timeouts() {
        return timeouts;
    }

    List<MemberProtocol> protocols() {
        return protocols;
    }

    void update(List<MemberProtocol> newProtocols, MemberTimeouts newTimeouts) {
        protocols = newProtocols;
        timeouts = newTimeouts;
    }

    /** What it says about itself under a protocol; nothing if it does not speak it. */
    byte[] metadata(String protocol) {
        for (MemberProtocol candidate : protocols) {
            if (candidate.name().equals(protocol)) {
                return candidate.metadata();
            }
        }
        return NO_ASSIGNMENT;
    }

    /** The first of the candidates in its own order. */
    Optional<String> vote(Set<String> candidates) {
        return protocols.stream()
                .map(MemberProtocol::name)
                .filter(candidates::contains)
                .findFirst();
    }

    byte[] assignment() {
        return assignment;
    }

    void assign(byte[] newAssignment) {
        assignment = newAssignment;
        held = newAssignment;
    }

    /** Takes the assignment back. The member may go on with it until it hears of that. */
    void unassign() {
        assignment = NO_ASSIGNMENT;
    }

    /** What it was last given, even if that has been taken back since: it may own that still. */
    byte[] held() {
        return held;
    }

    /** Whether it has just come and cannot send heartbeats yet: it does not know its id. */
    boolean isNew() {
        return isNew;
    }

    void setNew(boolean value) {
        isNew = value;
    }

    boolean isAwaitingJoin() {
        return join != null;
    }

    /** A second join of the same member replaces the first, whose connection is gone or about to be. */
    void awaitJoin(CompletableFuture<JoinGroupResponse> answer) {
        CompletableFuture<JoinGroupResponse> earlier = join;
        join = answer;
        if (earlier != null) {
            earlier.complete(GroupAnswers.joinError(memberId, ErrorCode.REBALANCE_IN_PROGRESS));
        }
    }

    /** Answers a waiting join; returns whether there was one. */
    boolean answerJoin(JoinGroupResponse response) {
        CompletableFuture<JoinGroupResponse> waiting = join;
        join = null;
        return waiting != null && waiting.complete(response);
    }

    boolean isAwaitingSync() {
        return sync != null;
    }

    void awaitSync(CompletableFuture<SyncGroupResponse> answer) {
        CompletableFuture<SyncGroupResponse> earlier = sync;
        sync = answer;
        if (earlier != null) {
            earlier.complete(GroupAnswers.syncError(ErrorCode.REBALANCE_IN_PROGRESS));
        }
    }

    /** Answers a waiting sync; returns whether there was one. */
    boolean answerSync(SyncGroupResponse response) {
        CompletableFuture<SyncGroupResponse> waiting = sync;
        sync = null;
        return waiting != null && waiting.complete(response);
    }
}
