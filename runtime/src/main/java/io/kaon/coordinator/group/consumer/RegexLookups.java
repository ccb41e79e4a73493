// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.coordinator.ShardTimers;
import io.kaon.coordinator.WriteResult;
import io.kaon.coordinator.group.regex.ExpressionLookup;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Looks up costly expressions away from the shard's owner, so that only their own group waits; one lookup per group at a
 * time. The group goes on meanwhile with what is known. What comes back becomes a new epoch, as with Kafka, and the
 * members' next heartbeats take it from there. Owned by the shard.
 */
final class RegexLookups {
    private static final Logger LOG = Logger.getLogger(RegexLookups.class);

    private final ConsumerContext context;
    private final ConsumerGroups groups;
    private final ShardTimers timers;
    private final Function<List<ModernGroupRecord>, CompletionStage<WriteResult>> writer;
    private final Set<String> running = new HashSet<>();
    /** Groups that wanted another lookup meanwhile. */
    private final Set<String> again = new HashSet<>();

    RegexLookups(
            ConsumerContext context,
            ConsumerGroups groups,
            ShardTimers timers,
            Function<List<ModernGroupRecord>, CompletionStage<WriteResult>> writer) {
        this.context = context;
        this.groups = groups;
        this.timers = timers;
        this.writer = writer;
    }

    /** Begins, or takes down that the group is to be looked at again when its present lookup has ended. */
    void begin(ConsumerGroup group, ExpressionLookup lookup) {
        if (running.add(group.groupId())) {
            goOn(group.groupId(), lookup);
        } else {
            again.add(group.groupId());
        }
    }

    /** Any thread. */
    private void goOn(String groupId, ExpressionLookup lookup) {
        try {
            context.ports().background().execute(() -> turn(groupId, lookup));
        } catch (RejectedExecutionException ends) {
            LOG.debugf("Expressions of group %s are not looked up: the broker ends", groupId);
        }
    }

    /** In the background: others have their turns in between. */
    private void turn(String groupId, ExpressionLookup lookup) {
        boolean hasMore;
        try {
            hasMore = lookup.turn();
        } catch (RuntimeException failure) {
            LOG.errorf(failure, "The expressions of group %s could not be looked up", groupId);
            hasMore = false;
        }
        if (hasMore) {
            goOn(groupId, lookup);
        } else {
            timers.runInTurn(() -> arrive(groupId, lookup));
        }
    }

    private void arrive(String groupId, ExpressionLookup lookup) {
        running.remove(groupId);
        context.expressions().remember(lookup);
        boolean isLate = again.remove(groupId)
                || lookup.image().offset() < context.topicsChangedAt().getAsLong();
        Optional<ConsumerGroup> group = groups.find(groupId);
        if (group.isEmpty()) {
            return;
        }
        if (isLate) {
            group.get().setComparedAt(HeartbeatDecision.NOT_COMPARED);
        }
        GroupDraft draft = new GroupDraft(group.get());
        new SubscriptionChange(context, draft, context.ports().images().get()).onLookedUp(lookup);
        if (!draft.records().isEmpty()) {
            writer.apply(draft.records()).thenAccept(written -> onWritten(groupId, written));
        }
    }

    private void onWritten(String groupId, WriteResult written) {
        if (written instanceof WriteResult.Failed failed) {
            LOG.warnf("The topics of group %s could not be written: %s", groupId, failed.error());
            groups.find(groupId).ifPresent(group -> group.setComparedAt(HeartbeatDecision.NOT_COMPARED));
        }
    }
}
