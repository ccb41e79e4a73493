// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.coordinator.ShardTimers;
import io.kaon.coordinator.WriteResult;
import io.kaon.coordinator.group.assignor.Assignment;
import io.kaon.metadata.ClusterImage;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Computes the targets of large groups away from the shard's owner, one computation per group at a time. The group goes
 * on meanwhile: what comes back is the target of the epoch that it was computed for, without members that have gone;
 * the members' next heartbeats take it from there, and begin the computation for a newer epoch. Owned by the shard.
 */
final class LargeTargets {
    private static final Logger LOG = Logger.getLogger(LargeTargets.class);

    private final ConsumerContext context;
    private final ConsumerGroups groups;
    private final Executor owner;
    private final ShardTimers timers;
    private final Function<List<ModernGroupRecord>, CompletionStage<WriteResult>> writer;
    private final Set<String> computing = new HashSet<>();

    LargeTargets(
            ConsumerContext context,
            ConsumerGroups groups,
            Executor owner,
            ShardTimers timers,
            Function<List<ModernGroupRecord>, CompletionStage<WriteResult>> writer) {
        this.context = context;
        this.groups = groups;
        this.owner = owner;
        this.timers = timers;
        this.writer = writer;
    }

    /** Begins if the group is large, its target is due, and nobody computes it yet. */
    void computeIfDue(ConsumerGroup group) {
        if (group.epoch() <= group.targetEpoch() || computing.contains(group.groupId())) {
            return;
        }
        GroupDraft draft = new GroupDraft(group);
        ClusterImage image = context.ports().images().get();
        ConsumerGroupConfig config = context.ports().configs().apply(group.groupId());
        if (!TargetComputation.isDue(draft, config, context.clock().wallMs())
                || !TargetComputation.isLarge(draft, image)) {
            return;
        }
        TargetComputation.Task task =
                TargetComputation.of(draft, image, context.ports().options().defaultAssignor());
        computing.add(group.groupId());
        context.ports().background().execute(() -> run(group.groupId(), task));
    }

    /** In the background. */
    private void run(String groupId, TargetComputation.Task task) {
        Optional<Map<String, Assignment>> targets;
        try {
            targets = Optional.of(task.run());
        } catch (RuntimeException failure) {
            LOG.errorf(failure, "The assignment of group %s could not be computed", groupId);
            targets = Optional.empty();
        }
        Optional<Map<String, Assignment>> result = targets;
        // A timer's turn may write.
        owner.execute(() -> timers.schedule(new Arrival(groupId), 0, () -> arrive(groupId, task, result)));
    }

    private void arrive(String groupId, TargetComputation.Task task, Optional<Map<String, Assignment>> targets) {
        computing.remove(groupId);
        Optional<ConsumerGroup> group = groups.find(groupId).filter(present -> task.epoch() > present.targetEpoch());
        if (targets.isEmpty() || group.isEmpty()) {
            return;
        }
        GroupDraft draft = new GroupDraft(group.get());
        Map<String, Assignment> present = new TreeMap<>(targets.get());
        present.keySet().removeIf(memberId -> draft.member(memberId).isEmpty());
        TargetComputation.write(draft, task, present, context.clock().wallMs());
        writer.apply(draft.records()).thenAccept(written -> {
            if (written instanceof WriteResult.Failed failed) {
                LOG.warnf("The assignment of group %s could not be written: %s", groupId, failed.error());
            }
        });
    }

    private record Arrival(String groupId) {}
}
