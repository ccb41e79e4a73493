// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.coordinator.ShardTimers;
import io.kaon.coordinator.WriteResult;
import io.kaon.coordinator.group.assignor.Assignment;
import io.kaon.coordinator.group.assignor.AssignorMember;
import io.kaon.metadata.ClusterImage;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Computes the targets of large groups away from the shard's owner, one computation per group at a time. The group goes
 * on meanwhile: what comes back is the target of the epoch that it was computed for, without members that have gone;
 * the members' next heartbeats take it from there, and begin the computation for a newer epoch. What fails is tried
 * again after a while. Owned by the shard.
 */
final class LargeTargets {
    /** A target that failed, or that the log did not take, is not computed again before. */
    static final int RETRY_MS = 5_000;

    private static final Logger LOG = Logger.getLogger(LargeTargets.class);

    private final ConsumerContext context;
    private final ConsumerGroups groups;
    private final ShardTimers timers;
    private final Function<List<ModernGroupRecord>, CompletionStage<WriteResult>> writer;
    /** Groups whose target is being computed, or has failed just now. */
    private final Set<String> busy = new HashSet<>();

    LargeTargets(
            ConsumerContext context,
            ConsumerGroups groups,
            ShardTimers timers,
            Function<List<ModernGroupRecord>, CompletionStage<WriteResult>> writer) {
        this.context = context;
        this.groups = groups;
        this.timers = timers;
        this.writer = writer;
    }

    /** Begins if the group is large, its target is due, and nobody computes it yet. */
    void computeIfDue(ConsumerGroup group) {
        String groupId = group.groupId();
        if (group.epoch() <= group.targetEpoch() || busy.contains(groupId)) {
            return;
        }
        GroupDraft draft = new GroupDraft(group);
        ClusterImage image = context.ports().images().get();
        ConsumerGroupConfig config = context.ports().configs().apply(groupId);
        if (!TargetComputation.isDue(draft, config, context.clock().wallMs())
                || !TargetComputation.isLarge(draft, image, context.ports().largeFrom())) {
            return;
        }
        TargetComputation.Task task =
                TargetComputation.of(draft, image, context.ports().options().defaultAssignor());
        busy.add(groupId);
        try {
            context.ports().background().execute(() -> run(group, task));
        } catch (RejectedExecutionException ends) {
            LOG.debugf("The assignment of group %s is not computed: the broker ends", groupId);
        }
    }

    /** In the background. */
    private void run(ConsumerGroup group, TargetComputation.Task task) {
        Optional<Map<String, Assignment>> targets = Optional.empty();
        try {
            targets = Optional.of(task.run());
        } catch (RuntimeException failure) {
            LOG.errorf(failure, "The assignment of group %s could not be computed", group.groupId());
        } finally {
            Optional<Map<String, Assignment>> result = targets;
            timers.runInTurn(() -> arrive(group, task, result));
        }
    }

    private void arrive(ConsumerGroup group, TargetComputation.Task task, Optional<Map<String, Assignment>> targets) {
        String groupId = group.groupId();
        busy.remove(groupId);
        if (targets.isEmpty()) {
            pause(groupId);
            return;
        }
        // Another group may have the id by now, whose epochs are its own.
        boolean isSame =
                groups.find(groupId).filter(present -> present == group).isPresent();
        if (!isSame || task.epoch() <= group.targetEpoch() || task.epoch() > group.epoch()) {
            return;
        }
        GroupDraft draft = new GroupDraft(group);
        TargetComputation.write(
                draft,
                task,
                forPresent(group, task, targets.get()),
                context.clock().wallMs());
        writer.apply(draft.records()).thenAccept(written -> {
            if (written instanceof WriteResult.Failed failed) {
                LOG.warnf("The assignment of group %s could not be written: %s", groupId, failed.error());
                pause(groupId);
            }
        });
    }

    /** What was computed, for whoever has the place of each member now: an instance may have got a new one. */
    private static Map<String, Assignment> forPresent(
            ConsumerGroup group, TargetComputation.Task task, Map<String, Assignment> targets) {
        Map<String, Assignment> present = new TreeMap<>();
        for (AssignorMember member : task.input().members()) {
            Assignment target = targets.getOrDefault(member.memberId(), Assignment.EMPTY);
            group.member(member.memberId())
                    .or(() -> group.staticMember(member.instanceId()))
                    .ifPresent(holder -> present.put(holder.memberId(), target));
        }
        return present;
    }

    private void pause(String groupId) {
        busy.add(groupId);
        timers.schedule(new Pause(groupId), RETRY_MS, () -> busy.remove(groupId));
    }

    private record Pause(String groupId) {}
}
