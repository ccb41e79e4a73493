// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.coordinator.group.assignor.Assignment;
import io.kaon.coordinator.group.assignor.PartitionSet;
import io.kaon.coordinator.group.consumer.MemberProfile.Client;
import io.kaon.coordinator.group.consumer.MemberProfile.Subscription;
import io.kaon.coordinator.group.regex.ExpressionLookup;
import io.kaon.metadata.ClusterImage;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest.TopicPartitions;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Decides a heartbeat of a member that joins or stays (KIP-848), in three steps: the member and what it wants are
 * written, and the group's epoch if that counts; the target assignment is computed for a new epoch; the member is taken
 * a step towards its target. Most heartbeats change nothing.
 */
final class Heartbeats {
    private static final int UNSET = -1;

    private final ConsumerContext context;

    Heartbeats(ConsumerContext context) {
        this.context = context;
    }

    /**
     * Decides.
     *
     * @param client where the request comes from
     * @param mayDescribe the topics that an expression may stand for; any thread
     */
    HeartbeatDecision decide(
            Client client, Predicate<String> mayDescribe, ConsumerGroupHeartbeatRequest request, ConsumerGroup group) {
        String memberId = request.memberId().isEmpty()
                ? Uuid.of(context.randomIds().get()).toString()
                : request.memberId();
        return new Turn(client, mayDescribe, request, memberId, group).decide();
    }

    /** Whether something has happened to topics since the group was compared with them. */
    private boolean isOutdated(ConsumerGroup group) {
        long compared = group.comparedAt();
        return compared == HeartbeatDecision.NOT_COMPARED
                || compared < context.topicsChangedAt().getAsLong();
    }

    /** One heartbeat. */
    private final class Turn {
        private final Client client;
        private final Predicate<String> mayDescribe;
        private final ConsumerGroupHeartbeatRequest request;
        private final String memberId;
        private final ConsumerGroup group;
        private final GroupDraft draft;
        private final ConsumerGroupConfig config;
        private final Optional<Assignment> owned;

        Turn(
                Client client,
                Predicate<String> mayDescribe,
                ConsumerGroupHeartbeatRequest request,
                String memberId,
                ConsumerGroup group) {
            this.client = client;
            this.mayDescribe = mayDescribe;
            this.request = request;
            this.memberId = memberId;
            this.group = group;
            draft = new GroupDraft(group);
            config = context.ports().configs().apply(group.groupId());
            owned = ownedPartitions(request.topicPartitions());
        }

        HeartbeatDecision decide() {
            Optional<HeartbeatDecision> refusal = findMember();
            if (refusal.isPresent()) {
                return refusal.get();
            }
            MemberProfile before = draft.member(memberId).orElseGet(() -> MemberProfile.blank(memberId));
            MemberProfile after = updated(before);
            CurrentAssignment current = draft.current(memberId);
            boolean isOutdated = isOutdated(group); // asked first: the image may be newer, and be compared once more
            ClusterImage image = context.ports().images().get();
            boolean subscriptionChanged = false;
            Optional<ExpressionLookup> lookup = Optional.empty();
            if (isOutdated
                    || !after.equals(before)
                    || group.epoch() == 0
                    || draft.member(memberId).isEmpty()) {
                SubscriptionChange change = new SubscriptionChange(context, draft, image, mayDescribe);
                Optional<SubscriptionChange.Problem> problem = change.check(before, after);
                if (problem.isPresent()) {
                    return HeartbeatDecision.refused(
                            problem.get().error(), problem.get().message());
                }
                subscriptionChanged = change.subscribe(before, after, isOutdated);
                lookup = change.lookup();
            }
            CurrentAssignment next = new MemberStep(context, draft, image).take(after, owned, subscriptionChanged);
            return new HeartbeatDecision(
                    draft.records(),
                    response(current, next),
                    memberId,
                    isOutdated ? image.offset() : HeartbeatDecision.NOT_COMPARED,
                    lookup);
        }

        /** A refusal, or empty: the member is in the draft then, or is new. */
        private Optional<HeartbeatDecision> findMember() {
            boolean joins = request.memberEpoch() == HeartbeatRules.JOIN_EPOCH;
            Optional<MemberProfile> known = group.member(memberId);
            boolean isFull = group.members().size() >= context.ports().options().maxSize();
            if (request.instanceId() == null) {
                if (isFull && known.isEmpty()) {
                    return Optional.of(full());
                }
                return known.isEmpty() && !joins ? Optional.of(unknown()) : fencedByEpoch(memberId, known.isPresent());
            }
            Optional<MemberProfile> present = group.staticMember(request.instanceId());
            if (present.isEmpty()) {
                if (isFull && known.isEmpty()) {
                    return Optional.of(full());
                }
                return joins ? Optional.empty() : Optional.of(StaticMembers.unknown(request.instanceId()));
            }
            if (!joins) {
                return present.get().memberId().equals(memberId)
                        ? fencedByEpoch(memberId, true)
                        : Optional.of(StaticMembers.fenced(request.instanceId()));
            }
            boolean isAway = group.current(present.get().memberId()).memberEpoch() == HeartbeatRules.STATIC_LEAVE_EPOCH;
            if (!isAway && !present.get().usesClassicProtocol()) {
                return Optional.of(StaticMembers.unreleased(request.instanceId()));
            }
            StaticMembers.replace(draft, present.get(), memberId);
            return Optional.empty();
        }

        /**
         * A member must be in the epoch that it was told last. The one before will do if the answer that told it may
         * have been lost: it can own nothing then but what it was given in the newer one.
         */
        private Optional<HeartbeatDecision> fencedByEpoch(String id, boolean isKnown) {
            int told = request.memberEpoch();
            CurrentAssignment current = group.current(id);
            if (!isKnown || told == HeartbeatRules.JOIN_EPOCH) {
                return Optional.empty();
            }
            boolean isLate = told < current.memberEpoch()
                    && (told != current.previousEpoch() || owned.isEmpty() || !ownsOnly(current.assigned()));
            if (told > current.memberEpoch() || isLate || isLostState(current)) {
                return Optional.of(HeartbeatDecision.refused(
                        ErrorCode.FENCED_MEMBER_EPOCH,
                        "The member is in epoch " + current.memberEpoch() + ", not in " + told
                                + ": it has to give up its partitions and join again."));
            }
            return Optional.empty();
        }

        /** A newer coordinator left it in a state of its own: it has to start again from nothing. */
        private boolean isLostState(CurrentAssignment current) {
            return current.state() == MemberState.UNKNOWN
                    && (owned.isEmpty() || !owned.get().isEmpty());
        }

        private boolean ownsOnly(PartitionEpochs assigned) {
            return owned.isPresent() && owned.get().minus(assigned.partitions()).isEmpty();
        }

        private HeartbeatDecision full() {
            return HeartbeatDecision.refused(
                    ErrorCode.GROUP_MAX_SIZE_REACHED,
                    "The group has " + context.ports().options().maxSize() + " members already, which is the most.");
        }

        private HeartbeatDecision unknown() {
            return HeartbeatDecision.refused(
                    ErrorCode.UNKNOWN_MEMBER_ID, "Group " + group.groupId() + " has no member " + memberId + ".");
        }

        /** What the request does not say stays as it was. */
        private MemberProfile updated(MemberProfile before) {
            Subscription wanted = before.subscription();
            List<String> names = request.subscribedTopicNames();
            String regex = request.subscribedTopicRegex();
            if (names != null || regex != null) {
                wanted = new Subscription(
                        names == null ? wanted.names() : new TreeSet<>(names), regex == null ? wanted.regex() : regex);
            }
            return new MemberProfile(
                    before.memberId(),
                    orElse(request.instanceId(), before.instanceId()),
                    orElse(request.rackId(), before.rackId()),
                    client,
                    wanted,
                    request.rebalanceTimeoutMs() == UNSET ? before.rebalanceTimeoutMs() : request.rebalanceTimeoutMs(),
                    orElse(request.serverAssignor(), before.serverAssignor()),
                    Optional.empty());
        }

        /** The assignment goes to members that ask for it and to those for whom it changes. */
        private ConsumerGroupHeartbeatResponse response(CurrentAssignment before, CurrentAssignment now) {
            ConsumerGroupHeartbeatResponse response = new ConsumerGroupHeartbeatResponse()
                    .setMemberId(memberId)
                    .setMemberEpoch(now.memberEpoch())
                    .setHeartbeatIntervalMs(Pace.intervalMs(config, draft, context.nowMs()));
            boolean saysAll = request.rebalanceTimeoutMs() != UNSET
                    && (request.subscribedTopicNames() != null || request.subscribedTopicRegex() != null)
                    && request.topicPartitions() != null;
            if (request.memberEpoch() == HeartbeatRules.JOIN_EPOCH
                    || saysAll
                    || !now.assigned().equals(before.assigned())) {
                response.setAssignment(wire(now.assigned()));
            }
            return response;
        }
    }

    private static ConsumerGroupHeartbeatResponse.Assignment wire(PartitionEpochs assigned) {
        ConsumerGroupHeartbeatResponse.Assignment assignment = new ConsumerGroupHeartbeatResponse.Assignment();
        assigned.topics().forEach((topicId, partitions) -> assignment
                .topicPartitions()
                .add(new ConsumerGroupHeartbeatResponse.TopicPartitions()
                        .setTopicId(topicId)
                        .setPartitions(List.copyOf(partitions.keySet()))));
        return assignment;
    }

    private static Optional<Assignment> ownedPartitions(List<TopicPartitions> given) {
        if (given == null) {
            return Optional.empty();
        }
        Map<Uuid, PartitionSet> topics = new HashMap<>();
        for (TopicPartitions topic : given) {
            topics.merge(topic.topicId(), PartitionSet.copyOf(topic.partitions()), PartitionSet::plus);
        }
        return Optional.of(new Assignment(topics));
    }

    private static String orElse(String given, String before) {
        return given == null ? before : given;
    }
}
