// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.coordinator.WriteResult;
import io.kaon.coordinator.group.consumer.ConsumerGroups;
import io.kaon.exec.SerialExecutor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Removes what is not needed any more, a slice of groups per task of the owner, so that a shard with very many of them
 * goes on answering meanwhile. Owned by the shard.
 */
final class Janitor {
    private static final int GROUPS_PER_TASK = 500;
    /** Keeps each batch far below the topic's {@code max.message.bytes}. */
    private static final int RECORDS_PER_WRITE = 1_000;

    private static final Logger LOG = Logger.getLogger(Janitor.class);

    private final GroupContext context;
    private final SerialExecutor owner;
    private final Groups groups;
    private final ConsumerGroups consumerGroups;
    private final OffsetStore offsets;
    private final Removals removals;
    private boolean closed;

    Janitor(
            GroupContext context,
            SerialExecutor owner,
            Groups groups,
            ConsumerGroups consumerGroups,
            OffsetStore offsets,
            Removals removals) {
        this.context = context;
        this.owner = owner;
        this.groups = groups;
        this.consumerGroups = consumerGroups;
        this.offsets = offsets;
        this.removals = removals;
    }

    /** Looks for expired offsets now and then. */
    void start() {
        context.timers().schedule(ExpiryTimer.INSTANCE, context.options().offsetsRetentionCheckIntervalMs(), () -> {
            long nowMs = context.clock().wallMs();
            sweep(groupId -> removals.expired(groupId, nowMs)).thenRun(this::start);
        });
    }

    void close() {
        closed = true;
    }

    /** Removes the offsets of topics that are gone; completes when that is written. */
    CompletionStage<Void> removeTopics(Set<String> topics) {
        return sweep(groupId -> removals.ofTopics(groupId, topics));
    }

    /** Writes the records in batches of a bounded size, one after the other; stops at the first that fails. */
    CompletionStage<WriteResult> writeAll(List<GroupRecord> records) {
        if (records.size() <= RECORDS_PER_WRITE) {
            return context.writer().write(records);
        }
        List<GroupRecord> rest = records.subList(RECORDS_PER_WRITE, records.size());
        return context.writer()
                .write(List.copyOf(records.subList(0, RECORDS_PER_WRITE)))
                .thenCompose(result -> result instanceof WriteResult.Failed
                        ? CompletableFuture.completedStage(result)
                        : writeAll(rest));
    }

    private CompletionStage<Void> sweep(Function<String, List<GroupRecord>> decision) {
        Set<String> groupIds = new LinkedHashSet<>(offsets.groupIds());
        groupIds.addAll(offsets.transactions().groupIds());
        groups.all().forEach(group -> groupIds.add(group.groupId()));
        consumerGroups.all().forEach(group -> groupIds.add(group.groupId()));
        CompletableFuture<Void> done = new CompletableFuture<>();
        sweep(new ArrayDeque<>(groupIds), decision, done);
        return done;
    }

    private void sweep(
            Deque<String> groupIds, Function<String, List<GroupRecord>> decision, CompletableFuture<Void> done) {
        if (closed) {
            done.cancel(false);
            return;
        }
        List<GroupRecord> records = new ArrayList<>();
        for (int i = 0; i < GROUPS_PER_TASK && !groupIds.isEmpty(); i++) {
            String groupId = groupIds.poll();
            records.addAll(decision.apply(groupId));
            offsets.forgetIfEmpty(groupId);
            if (removals.isGhost(groupId)) {
                groups.remove(groupId);
            }
        }
        if (!records.isEmpty()) {
            writeAll(records).thenAccept(result -> {
                if (result instanceof WriteResult.Failed failed) {
                    LOG.warnf(
                            "%d records that remove offsets could not be written: %s", records.size(), failed.error());
                }
            });
        }
        if (groupIds.isEmpty()) {
            done.complete(null);
        } else {
            owner.execute(() -> sweep(groupIds, decision, done));
        }
    }

    private enum ExpiryTimer {
        INSTANCE
    }
}
