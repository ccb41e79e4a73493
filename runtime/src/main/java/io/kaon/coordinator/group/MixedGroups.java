// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.WriteResult;
import io.kaon.coordinator.group.consumer.ConsumerGroup;
import io.kaon.coordinator.group.consumer.ConsumerGroupShard;
import io.kaon.coordinator.group.consumer.HeartbeatDecision;
import io.kaon.coordinator.group.consumer.MemberProfile;
import io.kaon.coordinator.group.consumer.MemberProfile.ClassicProtocol;
import io.kaon.coordinator.group.consumer.MemberProfile.ClassicSide;
import io.kaon.coordinator.group.consumer.PartitionEpochs;
import io.kaon.metadata.ClusterImage;
import io.kaon.wire.message.ConsumerProtocolSubscription;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.HeartbeatResponse;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.LeaveGroupRequest;
import io.kaon.wire.message.LeaveGroupRequest.MemberIdentity;
import io.kaon.wire.message.LeaveGroupResponse;
import io.kaon.wire.message.LeaveGroupResponse.MemberResponse;
import io.kaon.wire.message.SyncGroupRequest;
import io.kaon.wire.message.SyncGroupResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/**
 * Members of the classic protocol in groups of the consumer protocol (KIP-848). Nobody leads there: the coordinator
 * assigns, a member's epoch is its generation, and each joins for itself whenever that brings it further. It has to
 * join in time once it was told so, and to sync in time once it has joined. Owned by the shard.
 */
final class MixedGroups {
    /** As in classic groups (KIP-394). */
    private static final short MEMBER_ID_REQUIRED_VERSION = 4;

    private static final short PROTOCOL_VERSION = 5;
    private static final Logger LOG = Logger.getLogger(MixedGroups.class);

    private final GroupContext context;
    private final ConsumerGroupShard consumers;

    MixedGroups(GroupContext context, ConsumerGroupShard consumers) {
        this.context = context;
        this.consumers = consumers;
    }

    /** Answers JoinGroup at once: nobody is waited for. */
    CompletionStage<JoinGroupResponse> join(ConsumerGroup group, GroupRequest from, JoinGroupRequest request) {
        boolean isNew = request.memberId().isEmpty();
        ErrorCode error = check(group, request);
        if (error != ErrorCode.NONE) {
            return done(GroupAnswers.joinError(request.memberId(), error));
        }
        String memberId = isNew ? from.clientId() + "-" + context.randomIds().get() : request.memberId();
        if (isNew && request.groupInstanceId() == null && from.version() >= MEMBER_ID_REQUIRED_VERSION) {
            return done(GroupAnswers.joinError(memberId, ErrorCode.MEMBER_ID_REQUIRED));
        }
        Optional<ConsumerProtocolSubscription> subscription =
                EmbeddedProtocol.subscription(request.protocols().get(0).metadata());
        if (subscription.isEmpty()) {
            return done(GroupAnswers.joinError(request.memberId(), ErrorCode.INCONSISTENT_GROUP_PROTOCOL));
        }
        MemberProfile wanted = profileOf(from, request, memberId, subscription.get());
        HeartbeatDecision decision =
                consumers.joinClassic(group, wanted, EmbeddedProtocol.owned(subscription.get(), image()));
        JoinGroupResponse response = new JoinGroupResponse()
                .setMemberId(memberId)
                .setGenerationId(decision.response().memberEpoch())
                .setProtocolType(ClassicGroup.CONSUMER)
                .setProtocolName(request.protocols().get(0).name());
        return write(group, decision).thenApply(result -> answer(group.groupId(), wanted, response, result));
    }

    private JoinGroupResponse answer(
            String groupId, MemberProfile member, JoinGroupResponse response, WriteResult result) {
        if (result instanceof WriteResult.Failed failed) {
            return GroupAnswers.joinError(
                    member.memberId(), GroupAnswers.ofWrite(failed.error(), ErrorCode.UNKNOWN_SERVER_ERROR));
        }
        find(groupId, member.memberId()).ifPresent(group -> consumers.onJoined(group, member.memberId()));
        return response;
    }

    private ErrorCode check(ConsumerGroup group, JoinGroupRequest request) {
        if (!context.options().allowsSessionTimeout(request.sessionTimeoutMs())) {
            return ErrorCode.INVALID_SESSION_TIMEOUT;
        }
        int maxSize = context.consumers().ports().options().maxSize();
        boolean hasSeat = group.member(request.memberId()).isPresent()
                || request.groupInstanceId() != null
                        && group.staticMember(request.groupInstanceId()).isPresent();
        if (group.members().size() >= maxSize && !hasSeat) {
            return ErrorCode.GROUP_MAX_SIZE_REACHED;
        }
        if (!supports(group, request)) {
            return ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
        }
        boolean returns = !request.memberId().isEmpty() && request.groupInstanceId() != null;
        return returns ? checkSeat(group, request.memberId(), request.groupInstanceId()) : ErrorCode.NONE;
    }

    /** Whether all members of the classic protocol have an assignor in common, in case they are alone one day. */
    private static boolean supports(ConsumerGroup group, JoinGroupRequest request) {
        if (!request.protocolType().equals(ClassicGroup.CONSUMER)) {
            return false;
        }
        Map<String, Integer> speakers = new LinkedHashMap<>();
        request.protocols().forEach(protocol -> speakers.put(protocol.name(), 0));
        int others = 0;
        for (MemberProfile member : group.members().values()) {
            if (member.usesClassicProtocol() && !member.memberId().equals(request.memberId())) {
                others++;
                member.classic().get().protocols().stream()
                        .map(ClassicProtocol::name)
                        .distinct()
                        .forEach(name -> speakers.computeIfPresent(name, (ignored, count) -> count + 1));
            }
        }
        return speakers.containsValue(others);
    }

    private static MemberProfile profileOf(
            GroupRequest from, JoinGroupRequest request, String memberId, ConsumerProtocolSubscription subscription) {
        MemberTimeouts timeouts =
                MemberTimeouts.of(from.version() == 0 ? -1 : request.rebalanceTimeoutMs(), request.sessionTimeoutMs());
        return new MemberProfile(
                memberId,
                request.groupInstanceId() == null ? "" : request.groupInstanceId(),
                subscription.rackId() == null ? "" : subscription.rackId(),
                new MemberProfile.Client(from.clientId(), from.clientHost()),
                new MemberProfile.Subscription(new TreeSet<>(subscription.topics()), ""),
                timeouts.rebalanceMs(),
                "",
                Optional.of(new ClassicSide(
                        timeouts.sessionMs(), Upgrades.protocolsOf(MemberProtocol.of(request.protocols())))));
    }

    private CompletionStage<WriteResult> write(ConsumerGroup group, HeartbeatDecision decision) {
        List<GroupRecord> records = new ArrayList<>(decision.records().size());
        decision.records().forEach(record -> records.add(new GroupRecord.Modern(record)));
        CompletionStage<WriteResult> written = context.writer().write(records);
        if (!GroupAnswers.isRefused(written)) {
            consumers.onWritten(group.groupId(), decision);
        }
        return written;
    }

    /** Answers SyncGroup with what the member is assigned, once that is committed. */
    CompletionStage<SyncGroupResponse> sync(ConsumerGroup group, GroupRequest from, SyncGroupRequest request) {
        String memberId = request.memberId();
        ErrorCode error = check(group, memberId, request.groupInstanceId(), request.generationId());
        if (error == ErrorCode.NONE && isOtherProtocol(group, from, request)) {
            error = ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
        }
        if (error == ErrorCode.NONE && consumers.isOutOfDate(group, memberId)) {
            consumers.expectJoin(group, memberId);
            error = ErrorCode.REBALANCE_IN_PROGRESS;
        }
        if (error != ErrorCode.NONE) {
            return done(GroupAnswers.syncError(error));
        }
        // While it waits for the commit it cannot say that it lives, and has waited for that of its join already.
        consumers.onHeard(group, memberId);
        SyncGroupResponse response = new SyncGroupResponse()
                .setProtocolType(request.protocolType())
                .setProtocolName(request.protocolName())
                .setAssignment(assignmentOf(group, memberId));
        return context.writer().write(List.of()).thenApply(result -> {
            if (result instanceof WriteResult.Failed failed) {
                return GroupAnswers.syncError(GroupAnswers.ofWrite(failed.error(), ErrorCode.UNKNOWN_SERVER_ERROR));
            }
            find(group.groupId(), memberId).ifPresent(present -> consumers.onSynced(present, memberId));
            return response;
        });
    }

    private static boolean isOtherProtocol(ConsumerGroup group, GroupRequest from, SyncGroupRequest request) {
        if (from.version() < PROTOCOL_VERSION) {
            return false;
        }
        String joined = group.member(request.memberId())
                .flatMap(MemberProfile::classic)
                .map(side -> side.protocols().get(0).name())
                .orElse("");
        return !ClassicGroup.CONSUMER.equals(request.protocolType()) || !joined.equals(request.protocolName());
    }

    private byte[] assignmentOf(ConsumerGroup group, String memberId) {
        PartitionEpochs assigned = group.current(memberId).assigned();
        byte[] subscription = group.member(memberId)
                .flatMap(MemberProfile::classic)
                .map(side -> side.protocols().get(0).metadata())
                .orElse(ClassicMember.NO_ASSIGNMENT);
        return EmbeddedProtocol.write(EmbeddedProtocol.named(assigned.partitions(), image()), subscription);
    }

    /** Answers Heartbeat. */
    HeartbeatResponse heartbeat(ConsumerGroup group, HeartbeatRequest request) {
        ErrorCode error = check(group, request.memberId(), request.groupInstanceId(), request.generationId());
        if (error != ErrorCode.NONE) {
            return GroupAnswers.heartbeat(error);
        }
        consumers.onHeard(group, request.memberId());
        if (!consumers.hasToJoinAgain(group, request.memberId())) {
            return GroupAnswers.heartbeat(ErrorCode.NONE);
        }
        consumers.expectJoin(group, request.memberId());
        return GroupAnswers.heartbeat(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    /** Answers LeaveGroup, also for members of the consumer protocol that an administrator removes. */
    CompletionStage<LeaveGroupResponse> leave(ConsumerGroup group, GroupRequest from, LeaveGroupRequest request) {
        boolean several = from.version() >= Leaving.SEVERAL_MEMBERS_VERSION;
        List<MemberIdentity> leaving =
                several ? request.members() : List.of(new MemberIdentity().setMemberId(request.memberId()));
        Map<String, MemberProfile> gone = new LinkedHashMap<>();
        List<MemberResponse> responses = new ArrayList<>(leaving.size());
        for (MemberIdentity identity : leaving) {
            ErrorCode error = checkLeaving(group, identity);
            if (error == ErrorCode.NONE) {
                MemberProfile member = memberOf(group, identity).orElseThrow();
                gone.put(member.memberId(), member);
                LOG.debugf(
                        "Member %s leaves group %s: %s",
                        member.memberId(), group.groupId(), GroupAnswers.reason(identity.reason()));
            }
            responses.add(new MemberResponse()
                    .setMemberId(identity.memberId())
                    .setGroupInstanceId(identity.groupInstanceId())
                    .setErrorCode(error.code()));
        }
        LeaveGroupResponse response = several
                ? new LeaveGroupResponse().setMembers(responses)
                : new LeaveGroupResponse().setErrorCode(responses.get(0).errorCode());
        if (gone.isEmpty()) {
            return done(response);
        }
        return consumers
                .fence(group, List.copyOf(gone.values()))
                .thenApply(result -> result instanceof WriteResult.Failed failed
                        ? GroupAnswers.leaveError(GroupAnswers.ofWrite(failed.error(), ErrorCode.UNKNOWN_SERVER_ERROR))
                        : response);
    }

    private static ErrorCode checkLeaving(ConsumerGroup group, MemberIdentity identity) {
        if (identity.groupInstanceId() == null) {
            return group.member(identity.memberId()).isPresent() ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
        }
        // An administrator removes a static member by the name that people know.
        return identity.memberId().isEmpty()
                ? group.staticMember(identity.groupInstanceId()).isPresent()
                        ? ErrorCode.NONE
                        : ErrorCode.UNKNOWN_MEMBER_ID
                : checkSeat(group, identity.memberId(), identity.groupInstanceId());
    }

    private static Optional<MemberProfile> memberOf(ConsumerGroup group, MemberIdentity identity) {
        return identity.groupInstanceId() == null
                ? group.member(identity.memberId())
                : group.staticMember(identity.groupInstanceId());
    }

    private static ErrorCode check(ConsumerGroup group, String memberId, String instanceId, int generation) {
        if (instanceId != null) {
            ErrorCode error = checkSeat(group, memberId, instanceId);
            if (error != ErrorCode.NONE) {
                return error;
            }
        }
        if (!group.member(memberId).map(MemberProfile::usesClassicProtocol).orElse(false)) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        return group.current(memberId).memberEpoch() == generation ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
    }

    private static ErrorCode checkSeat(ConsumerGroup group, String memberId, String instanceId) {
        return group.staticMember(instanceId)
                .map(member -> member.memberId().equals(memberId) ? ErrorCode.NONE : ErrorCode.FENCED_INSTANCE_ID)
                .orElse(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    /** The consumer group, if this is a member of it that speaks the classic protocol. */
    private Optional<ConsumerGroup> find(String groupId, String memberId) {
        return consumers.groups().find(groupId).filter(group -> group.member(memberId)
                .map(MemberProfile::usesClassicProtocol)
                .orElse(false));
    }

    private ClusterImage image() {
        return context.consumers().ports().images().get();
    }

    private static <T> CompletionStage<T> done(T answer) {
        return CompletableFuture.completedStage(answer);
    }
}
