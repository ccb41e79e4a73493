// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.ShardTimers;
import io.kaon.coordinator.WriteResult;
import io.kaon.coordinator.group.assignor.Assignment;
import io.kaon.coordinator.group.consumer.MemberProfile.Client;
import io.kaon.coordinator.group.regex.TopicExpressions;
import io.kaon.exec.Clock;
import io.kaon.wire.message.ConsumerGroupDescribeResponse.DescribedGroup;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The consumer groups of one shard: decides their heartbeats, keeps their members' clocks, takes in their records. Who
 * else may have a group's id, and who writes, is the parent's. Owned by the shard.
 */
public final class ConsumerGroupShard {
    /** After this time the removal of a member is tried again that the log did not take. */
    static final int RETRY_MS = 1_000;

    private static final Logger LOG = Logger.getLogger(ConsumerGroupShard.class);

    private final ConsumerContext context;
    private final ConsumerGroups groups;
    private final HeartbeatRules rules;
    private final Heartbeats heartbeats;
    private final Departures departures;
    private final ClassicJoins classicJoins;
    private final LargeTargets largeTargets;
    private final RegexLookups regexLookups;
    private final MemberTimers timers;
    private final Function<List<ModernGroupRecord>, CompletionStage<WriteResult>> writer;
    private boolean loaded;

    /**
     * @param world what the shards of this broker have in common
     * @param groups the groups, empty; changed from here on by {@link #replay}
     * @param owner of the shard
     * @param writer appends and replays records as one batch
     */
    public ConsumerGroupShard(
            World world,
            ConsumerGroups groups,
            Executor owner,
            ShardTimers timers,
            Function<List<ModernGroupRecord>, CompletionStage<WriteResult>> writer) {
        this.groups = groups;
        this.context = new ConsumerContext(
                world.ports, world.clock, world.randomIds, world.topicsChangedAt, new TopicExpressions());
        this.rules = new HeartbeatRules(world.ports.options());
        this.heartbeats = new Heartbeats(context);
        this.departures = new Departures(context);
        this.classicJoins = new ClassicJoins(context);
        this.timers = new MemberTimers(timers, this::expel);
        this.largeTargets = new LargeTargets(context, groups, timers, writer);
        this.regexLookups = new RegexLookups(context, groups, timers, writer);
        this.writer = writer;
    }

    /**
     * What the shards of a broker have in common.
     *
     * @param ports the rest of the broker
     * @param clock what time it is
     * @param randomIds for member ids
     * @param topicsChangedAt offset of the newest metadata that changed topics; any thread
     */
    public record World(
            ConsumerGroupPorts ports, Clock clock, Supplier<UUID> randomIds, LongSupplier topicsChangedAt) {}

    public ConsumerGroups groups() {
        return groups;
    }

    /** What is wrong with a heartbeat as such, whatever the group is; empty if nothing. */
    public Optional<ConsumerGroupHeartbeatResponse> check(short version, ConsumerGroupHeartbeatRequest request) {
        return rules.check(version, request);
    }

    /** What people see of a group now. */
    public DescribedGroup describe(ConsumerGroup group) {
        return ConsumerGroupViews.describe(
                group, context.ports().images().get(), context.ports().options().defaultAssignor());
    }

    /** Whether the member comes for the first time, or once more from the start: it may found the group. */
    public static boolean joins(ConsumerGroupHeartbeatRequest request) {
        return request.memberEpoch() == HeartbeatRules.JOIN_EPOCH;
    }

    /**
     * Decides a heartbeat that passed {@link #check}. Nothing changes before its records are written.
     *
     * @param mayDescribe the topics that an expression of the client's may stand for; any thread
     */
    public HeartbeatDecision decide(
            Client client, Predicate<String> mayDescribe, ConsumerGroupHeartbeatRequest request, ConsumerGroup group) {
        return request.memberEpoch() < HeartbeatRules.JOIN_EPOCH
                ? departures.leave(request, group)
                : heartbeats.decide(client, mayDescribe, request, group);
    }

    /** The records of a decision are in the log and replayed. */
    public void onWritten(String groupId, HeartbeatDecision decision) {
        groups.find(groupId).ifPresent(group -> {
            group.setComparedAt(Math.max(group.comparedAt(), decision.metadataOffset()));
            if (!decision.heard().isEmpty()) {
                startSession(group, decision.heard());
                largeTargets.computeIfDue(group);
            }
            decision.lookup().ifPresent(lookup -> regexLookups.begin(group, lookup));
        });
    }

    /** The log did not take a decision, or may lose it: what it rested on is to be looked at again. */
    public void onFailed(String groupId) {
        groups.find(groupId).ifPresent(group -> group.setComparedAt(HeartbeatDecision.NOT_COMPARED));
    }

    /** A member of the classic protocol joins, or joins again. Nothing changes before the records are written. */
    public HeartbeatDecision joinClassic(ConsumerGroup group, MemberProfile wanted, Assignment owned) {
        return classicJoins.decide(group, wanted, owned);
    }

    /** Whether another join would bring a member of the classic protocol further. */
    public boolean hasToJoinAgain(ConsumerGroup group, String memberId) {
        return classicJoins.hasToJoinAgain(group, memberId);
    }

    /** Whether what a member of the classic protocol is about to be told is out of date. */
    public boolean isOutOfDate(ConsumerGroup group, String memberId) {
        return classicJoins.isOutOfDate(group, memberId);
    }

    /** The member is alive: its session begins anew. */
    public void onHeard(ConsumerGroup group, String memberId) {
        startSession(group, memberId);
        largeTargets.computeIfDue(group);
    }

    /** A member of the classic protocol has been told to join again: if it does not, its partitions go to others. */
    public void expectJoin(ConsumerGroup group, String memberId) {
        group.member(memberId)
                .ifPresent(member -> timers.startJoin(group.groupId(), memberId, member.rebalanceTimeoutMs()));
    }

    /** It has joined, and has to fetch its assignment now. */
    public void onJoined(ConsumerGroup group, String memberId) {
        group.member(memberId)
                .ifPresent(member -> timers.startSync(group.groupId(), memberId, member.rebalanceTimeoutMs()));
        onHeard(group, memberId);
    }

    /** It has fetched its assignment. */
    public void onSynced(ConsumerGroup group, String memberId) {
        timers.stopSync(group.groupId(), memberId);
        onHeard(group, memberId);
    }

    /** A group that these records would make: to decide on what has not been written yet. */
    public static ConsumerGroup preview(String groupId, List<ModernGroupRecord> records) {
        ConsumerGroup group = new ConsumerGroup(groupId);
        records.forEach(group::replay);
        return group;
    }

    /** An answer that only says what went wrong. */
    public static ConsumerGroupHeartbeatResponse failed(ErrorCode error, String message) {
        return HeartbeatDecision.failed(error, message);
    }

    /** Takes in a record, the newest of the log. */
    public void replay(ModernGroupRecord record) {
        groups.replay(record);
        if (loaded) {
            groups.find(record.groupId()).ifPresent(group -> group.setChangedAtMs(context.nowMs()));
            follow(record);
        }
    }

    /** The log has been replayed to its end: the clocks of all members start. */
    public void onLoaded() {
        loaded = true;
        for (ConsumerGroup group : groups.all()) {
            for (String memberId : group.members().keySet()) {
                startSession(group, memberId);
                followRevocation(group.groupId(), memberId, group.current(memberId));
            }
        }
    }

    /** The clocks follow what was replayed. */
    private void follow(ModernGroupRecord record) {
        if (record instanceof ModernGroupRecord.MemberRemoved removed) {
            timers.stop(removed.groupId(), removed.memberId());
        } else if (record instanceof ModernGroupRecord.CurrentStored stored) {
            followRevocation(stored.groupId(), stored.memberId(), stored.assignment());
        }
    }

    private void followRevocation(String groupId, String memberId, CurrentAssignment current) {
        Optional<MemberProfile> member = groups.find(groupId).flatMap(group -> group.member(memberId));
        if (member.isEmpty() || member.get().usesClassicProtocol()) {
            return;
        }
        if (current.revoking().isEmpty()) {
            timers.stopRevocation(groupId, memberId);
        } else {
            timers.startRevocation(groupId, memberId, member.get().rebalanceTimeoutMs(), () -> groups.find(groupId)
                    .filter(group -> group.current(memberId).memberEpoch() == current.memberEpoch())
                    .isPresent());
        }
    }

    private void startSession(ConsumerGroup group, String memberId) {
        int timeoutMs = group.member(memberId)
                .flatMap(MemberProfile::classic)
                .map(MemberProfile.ClassicSide::sessionTimeoutMs)
                .orElseGet(
                        () -> context.ports().configs().apply(group.groupId()).sessionTimeoutMs());
        timers.startSession(group.groupId(), memberId, timeoutMs);
    }

    /** A member's time is over; {@code again} sets it anew if the log does not take that. */
    private void expel(String groupId, String memberId, Runnable again) {
        Optional<ConsumerGroup> group = groups.find(groupId);
        Optional<MemberProfile> member = group.flatMap(present -> present.member(memberId));
        if (member.isEmpty()) {
            return;
        }
        LOG.debugf("Member %s of group %s is fenced: it was silent or too slow", memberId, groupId);
        fence(group.get(), List.of(member.get())).thenAccept(result -> {
            if (result instanceof WriteResult.Failed failed) {
                LOG.debugf("That a member of group %s is fenced could not be written: %s", groupId, failed.error());
                again.run();
            }
        });
    }

    /** Removes members; the rest of the group is assigned anew. */
    public CompletionStage<WriteResult> fence(ConsumerGroup group, List<MemberProfile> members) {
        return writer.apply(departures.remove(group, members).records());
    }

    /** The records that remove the group, which has no members; its offsets are not its own. */
    public List<ModernGroupRecord> tombstones(String groupId) {
        return groups.find(groupId).map(Tombstones::of).orElse(List.of());
    }
}
