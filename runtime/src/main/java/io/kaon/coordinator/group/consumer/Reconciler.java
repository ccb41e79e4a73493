// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.common.Uuid;
import io.kaon.coordinator.group.assignor.Assignment;
import io.kaon.coordinator.group.assignor.PartitionSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Takes a member one step from what it owns towards what it is meant to own (KIP-848):
 *
 * <pre>
 *            has to give something up                 has given it up
 * STABLE ────────────────────────────▶ UNREVOKED ──────────────────────┐
 *   ▲  ▲                                 ▲                            │ takes the target's epoch
 *   │  └─────────── nothing to wait for ─┼────────────────────────────┤ and what is free of it
 *   │                                    │ the target changed         ▼
 *   └──── the others have given up ──────┴───────────────────── UNRELEASED
 * </pre>
 *
 * A member that has something to give up stays in its epoch and gets nothing new before it says that it has; what
 * somebody else still owns is not given to it. So no partition has two owners. A pure function.
 */
final class Reconciler {
    private final Target target;
    private final Owners owners;
    private final Predicate<Uuid> subscribed;
    private final Optional<Assignment> owned;

    /**
     * @param target where the member is to get
     * @param owners who owns what in the group
     * @param subscribed whether the member still wants a topic: what it does not want it has to give up first
     * @param owned what the member says it owns; empty when it does not say
     */
    Reconciler(Target target, Owners owners, Predicate<Uuid> subscribed, Optional<Assignment> owned) {
        this.target = target;
        this.owners = owners;
        this.subscribed = subscribed;
        this.owned = owned;
    }

    /**
     * What a member is meant to own.
     *
     * @param epoch of the target assignment
     */
    record Target(int epoch, Assignment partitions) {}

    /** The owners of partitions. */
    @FunctionalInterface
    interface Owners {
        /** The epoch of the partition's owner, or {@link ConsumerGroup#NOT_OWNED}. */
        int epochOf(Uuid topicId, int partition);
    }

    /** Whether there is nothing left to do. */
    static boolean isReconciled(CurrentAssignment current, int targetEpoch) {
        return current.state() == MemberState.STABLE && current.memberEpoch() == targetEpoch;
    }

    /**
     * The next step; the same object if the member has to wait.
     *
     * @param subscriptionChanged whether topics may have to be taken away although the epochs say that all is done
     */
    CurrentAssignment next(CurrentAssignment current, boolean subscriptionChanged) {
        return switch (current.state()) {
            case STABLE -> {
                if (current.memberEpoch() != target.epoch()) {
                    yield advance(current, current.memberEpoch());
                }
                yield subscriptionChanged ? withoutUnsubscribed(current) : current;
            }
            case UNREVOKED_PARTITIONS -> {
                if (!stillOwns(current.revoking())) {
                    yield advance(current, current.memberEpoch());
                }
                yield subscriptionChanged ? withoutUnsubscribed(current) : current;
            }
            case UNRELEASED_PARTITIONS -> advance(current, current.memberEpoch());
            case UNKNOWN -> advance(current, target.epoch());
        };
    }

    private CurrentAssignment advance(CurrentAssignment current, int epochMeanwhile) {
        PartitionEpochs.Builder kept = new PartitionEpochs.Builder();
        PartitionEpochs.Builder revoked = new PartitionEpochs.Builder();
        PartitionEpochs.Builder gained = new PartitionEpochs.Builder();
        boolean waits = false;
        TreeSet<Uuid> topicIds = new TreeSet<>(target.partitions().topics().keySet());
        topicIds.addAll(current.assigned().topics().keySet());
        for (Uuid topicId : topicIds) {
            PartitionSet wanted =
                    subscribed.test(topicId) ? target.partitions().partitions(topicId) : PartitionSet.EMPTY;
            current.assigned().of(topicId).forEach((partition, epoch) -> {
                PartitionEpochs.Builder side = wanted.contains(partition) ? kept : revoked;
                side.add(topicId, partition, epoch);
            });
            for (int place = 0; place < wanted.size(); place++) {
                int partition = wanted.get(place);
                if (current.assigned().contains(topicId, partition)) {
                    continue;
                }
                if (isFree(current, topicId, partition)) {
                    gained.add(topicId, partition, target.epoch());
                } else {
                    waits = true;
                }
            }
        }
        PartitionEpochs revoking = revoked.build();
        if (!revoking.isEmpty() && stillOwns(revoking)) {
            return step(current, epochMeanwhile, MemberState.UNREVOKED_PARTITIONS, kept.build(), revoking);
        }
        return step(
                current,
                target.epoch(),
                waits ? MemberState.UNRELEASED_PARTITIONS : MemberState.STABLE,
                kept.addAll(gained.build()).build(),
                PartitionEpochs.EMPTY);
    }

    /** What it has given up just now is its own still, as far as the records say. */
    private boolean isFree(CurrentAssignment current, Uuid topicId, int partition) {
        return owners.epochOf(topicId, partition) == ConsumerGroup.NOT_OWNED
                || current.revoking().contains(topicId, partition);
    }

    /** The topics that the member does not want any more go at once, without waiting for the next target. */
    private CurrentAssignment withoutUnsubscribed(CurrentAssignment current) {
        PartitionEpochs.Builder kept = new PartitionEpochs.Builder();
        PartitionEpochs.Builder gone = new PartitionEpochs.Builder().addAll(current.revoking());
        boolean[] changed = {false};
        current.assigned().topics().forEach((topicId, partitions) -> {
            boolean stays = subscribed.test(topicId);
            changed[0] |= !stays;
            PartitionEpochs.Builder side = stays ? kept : gone;
            partitions.forEach((partition, epoch) -> side.add(topicId, partition, epoch));
        });
        if (!changed[0]) {
            return current;
        }
        PartitionEpochs revoking = gone.build();
        return stillOwns(revoking)
                ? step(current, current.memberEpoch(), MemberState.UNREVOKED_PARTITIONS, kept.build(), revoking)
                : step(current, current.memberEpoch(), current.state(), kept.build(), current.revoking());
    }

    /** A member that does not say what it owns may own all that it had. */
    private boolean stillOwns(PartitionEpochs partitions) {
        if (owned.isEmpty()) {
            return true;
        }
        for (Uuid topicId : partitions.topics().keySet()) {
            PartitionSet there = owned.get().partitions(topicId);
            for (int place = 0; place < there.size(); place++) {
                if (partitions.contains(topicId, there.get(place))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static CurrentAssignment step(
            CurrentAssignment before,
            int epoch,
            MemberState state,
            PartitionEpochs assigned,
            PartitionEpochs revoking) {
        return new CurrentAssignment(epoch, before.memberEpoch(), state, assigned, revoking);
    }
}
