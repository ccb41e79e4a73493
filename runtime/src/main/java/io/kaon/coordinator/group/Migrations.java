// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.coordinator.WriteResult;
import io.kaon.coordinator.group.GroupPhase.Dead;
import io.kaon.coordinator.group.consumer.ConsumerGroup;
import io.kaon.coordinator.group.consumer.ConsumerGroupOptions;
import io.kaon.coordinator.group.consumer.ConsumerGroupShard;
import io.kaon.coordinator.group.consumer.ModernGroupRecord;
import io.kaon.metadata.ClusterImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Moves groups between the protocols while they are in use (KIP-848). A group belongs to one protocol at a time, and
 * goes over with one batch of records:
 *
 * <pre>
 *                 first member of the consumer protocol
 *  classic group ────────────────────────────────────────▶ consumer group,
 *        ▲                                                  its old members go on with the classic protocol
 *        └────────────────────────────────────────────────────────┘
 *                 last member of the consumer protocol has gone
 * </pre>
 *
 * A group without members is simply taken over. What the live classic group looks like follows from what is replayed.
 * Owned by the shard.
 */
final class Migrations {
    private static final int RETRY_MS = 1_000;
    private static final Logger LOG = Logger.getLogger(Migrations.class);

    private final GroupContext context;
    private final Groups groups;
    private final Rebalancer rebalancer;
    private final ConsumerGroupShard consumers;

    Migrations(GroupContext context, Groups groups, Rebalancer rebalancer, ConsumerGroupShard consumers) {
        this.context = context;
        this.groups = groups;
        this.rebalancer = rebalancer;
        this.consumers = consumers;
    }

    /** What a heartbeat of the consumer protocol finds. */
    sealed interface Ground {}

    /**
     * A consumer group to decide on.
     *
     * @param records that have to be written before those of the decision, in the same batch: they make it one
     */
    record Ready(List<GroupRecord> records, ConsumerGroup group) implements Ground {
        Ready {
            records = List.copyOf(records);
        }
    }

    /** GROUP_ID_NOT_FOUND: there is no consumer group, and there will be none. */
    record NoGround(String message) implements Ground {}

    /** @param joins whether the member comes for the first time, and may found the group or bring it over */
    Ground groundFor(String groupId, boolean joins) {
        Optional<ConsumerGroup> present = consumers.groups().find(groupId);
        if (present.isPresent()) {
            return new Ready(List.of(), present.get());
        }
        if (!joins) {
            return new NoGround("Consumer group " + groupId + " not found.");
        }
        Optional<ClassicGroup> classic = groups.find(groupId);
        if (classic.isEmpty()) {
            return new Ready(List.of(), ConsumerGroupShard.preview(groupId, List.of()));
        }
        if (classic.get().isEmpty()) {
            return new Ready(
                    List.of(new GroupRecord.GroupRemoved(groupId)), ConsumerGroupShard.preview(groupId, List.of()));
        }
        return upgrade(classic.get());
    }

    private Ground upgrade(ClassicGroup group) {
        ConsumerGroupOptions options = context.consumers().ports().options();
        Upgrades.Outcome outcome;
        if (!options.migration().upgrades()) {
            outcome = new Upgrades.Refused("online upgrade is disabled");
        } else if (group.roster().size() > options.maxSize()) {
            outcome = new Upgrades.Refused("it has more members than a consumer group may have");
        } else {
            outcome = Upgrades.decide(group, image());
        }
        if (outcome instanceof Upgrades.Refused refused) {
            LOG.debugf("Classic group %s stays one: %s", group.groupId(), refused.reason());
            return new NoGround(
                    "Classic group " + group.groupId() + " cannot become a consumer group: " + refused.reason() + ".");
        }
        List<ModernGroupRecord> modern = ((Upgrades.Possible) outcome).records();
        List<GroupRecord> records = new ArrayList<>(modern.size() + 1);
        records.add(new GroupRecord.GroupRemoved(group.groupId()));
        modern.forEach(record -> records.add(new GroupRecord.Modern(record)));
        return new Ready(records, ConsumerGroupShard.preview(group.groupId(), modern));
    }

    /**
     * A member of the classic protocol comes to a consumer group without members: the group is removed, as a classic
     * one will stand in its place.
     *
     * @return whether that could be written
     */
    boolean takeOver(String groupId) {
        List<GroupRecord> records = new ArrayList<>();
        consumers.tombstones(groupId).forEach(record -> records.add(new GroupRecord.Modern(record)));
        context.write(records, result -> {});
        return consumers.groups().find(groupId).isEmpty();
    }

    /** Follows a record that was replayed while the shard serves. */
    void onReplayed(ModernGroupRecord record) {
        if (record instanceof ModernGroupRecord.EpochStored) {
            groups.find(record.groupId()).ifPresent(this::retire);
        } else if (record instanceof ModernGroupRecord.MemberRemoved
                || record instanceof ModernGroupRecord.MemberStored stored
                        && stored.member().usesClassicProtocol()) {
            // Not before whoever is at it has finished: the records of its decision are being replayed.
            context.timers().runInTurn(() -> maybeDowngrade(record.groupId()));
        }
    }

    /** Whoever waits joins again, and finds a consumer group. */
    private void retire(ClassicGroup group) {
        LOG.infof(
                "Group %s goes over to the consumer protocol in generation %d with %d members",
                group.groupId(), group.generation(), group.roster().size());
        groups.remove(group.groupId());
        rebalancer.forget(group);
        group.moveTo(new Dead(), context.clock().wallMs());
        rebalancer.sendBack(group);
        // Who never comes again is to be given up on, as it would have been.
        consumers.groups().find(group.groupId()).ifPresent(modern -> modern.members()
                .keySet()
                .forEach(memberId -> consumers.onHeard(modern, memberId)));
    }

    /** A coordinator before this one may not have come to it. */
    void onLoaded() {
        for (ConsumerGroup group : consumers.groups().all()) {
            context.timers().runInTurn(() -> maybeDowngrade(group.groupId()));
        }
    }

    private void maybeDowngrade(String groupId) {
        Optional<ConsumerGroup> group = consumers.groups().find(groupId);
        if (group.isEmpty()
                || !context.consumers().ports().options().migration().downgrades()
                || group.get().members().size() > context.options().maxSize()) {
            return;
        }
        Downgrades.decide(group.get(), image(), context.clock().wallMs()).ifPresent(this::downgrade);
    }

    private void downgrade(ClassicGroup classic) {
        String groupId = classic.groupId();
        List<GroupRecord> records = new ArrayList<>();
        consumers.tombstones(groupId).forEach(record -> records.add(new GroupRecord.Modern(record)));
        records.add(
                new GroupRecord.GroupStored(groupId, classic.toStored(Map.of()).leaderless()));
        context.write(records, result -> {
            if (result instanceof WriteResult.Failed failed) {
                LOG.warnf("That group %s is a classic one again could not be written: %s", groupId, failed.error());
            }
        });
        if (consumers.groups().find(groupId).isPresent()) {
            // The log did not take it: the group goes on as it is meanwhile.
            context.timers().schedule(new RetryTimer(groupId), RETRY_MS, () -> maybeDowngrade(groupId));
            return;
        }
        LOG.infof(
                "Group %s goes back to the classic protocol in generation %d with %d members",
                groupId, classic.generation(), classic.roster().size());
        // Replay has put a group there as a new coordinator would see it; this one still knows all their protocols.
        groups.restore(classic);
        classic.roster().all().forEach(member -> rebalancer.startSession(classic, member));
        rebalancer.rebalanceOrComplete(classic, "the group is a classic one again");
    }

    private ClusterImage image() {
        return context.consumers().ports().images().get();
    }

    private record RetryTimer(String groupId) {}
}
