// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.coordinator.WriteResult;
import io.kaon.coordinator.group.consumer.ConsumerGroups;
import io.kaon.exec.SerialExecutor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Removes what is not needed any more, a slice of groups per task of the owner, so that a shard with very many of them
 * goes on answering meanwhile. Owned by the shard.
 */
final class Janitor {
    /** Looking at an offset counts as one: about a millisecond in all. */
    private static final int WORK_PER_TASK = 20_000;

    private static final int WORK_PER_GROUP = 40;
    private static final int RECORDS_PER_WRITE = 1_000;
    /** Each batch stays far below the topic's {@code max.message.bytes}, whatever the names are. */
    private static final int BYTES_PER_WRITE = 256 << 10;

    private static final long RECORD_BYTES = 64;
    private static final long BYTES_PER_CHARACTER = 3;

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
    CompletionStage<Void> removeTopics(DeletedTopics topics) {
        offsets.forget(topics);
        return sweep(groupId -> removals.ofTopics(groupId, topics));
    }

    /**
     * Writes the records in batches of a bounded size, before anything else happens in the shard: what was decided to
     * go may be committed anew the next moment. Stops at the first batch that the log refuses. The last act of a task.
     */
    CompletionStage<WriteResult> writeAll(List<GroupRecord> records) {
        List<List<GroupRecord>> batches = batches(records);
        if (batches.size() == 1 || owner.mayBlock()) {
            return write(batches);
        }
        CompletableFuture<WriteResult> answer = new CompletableFuture<>();
        owner.continueAway(() -> write(batches).whenComplete((result, failure) -> {
            if (failure == null) {
                answer.complete(result);
            } else {
                answer.completeExceptionally(failure);
            }
        }));
        return answer;
    }

    /** What comes of the last batch came of those before it, too: they are committed in their order. */
    private CompletionStage<WriteResult> write(List<List<GroupRecord>> batches) {
        CompletionStage<WriteResult> result = context.writer().write(batches.get(0));
        for (int i = 1; i < batches.size() && !GroupAnswers.isRefused(result); i++) {
            result = context.writer().write(batches.get(i));
        }
        return result;
    }

    /** At least one. */
    private static List<List<GroupRecord>> batches(List<GroupRecord> records) {
        List<List<GroupRecord>> batches = new ArrayList<>();
        List<GroupRecord> batch = new ArrayList<>();
        batches.add(batch);
        long bytes = 0;
        for (GroupRecord record : records) {
            long room = roomFor(record);
            if (batch.size() == RECORDS_PER_WRITE || !batch.isEmpty() && bytes + room > BYTES_PER_WRITE) {
                batch = new ArrayList<>();
                batches.add(batch);
                bytes = 0;
            }
            batch.add(record);
            bytes += room;
        }
        return batches;
    }

    /** Generously. */
    private static long roomFor(GroupRecord record) {
        if (record instanceof GroupRecord.OffsetRemoved removed) {
            return RECORD_BYTES
                    + BYTES_PER_CHARACTER
                            * (removed.groupId().length()
                                    + removed.partition().topic().length());
        }
        if (record instanceof GroupRecord.GroupRemoved removed) {
            return RECORD_BYTES + BYTES_PER_CHARACTER * removed.groupId().length();
        }
        return record instanceof GroupRecord.Modern modern
                ? 2 * RECORD_BYTES
                        + BYTES_PER_CHARACTER * modern.record().groupId().length()
                : 0;
    }

    private CompletionStage<Void> sweep(Function<String, List<GroupRecord>> decision) {
        Deque<String> groupIds = new ArrayDeque<>(offsets.groupIds());
        offsets.transactions().groupIds().forEach(groupId -> addUnlessThere(groupId, groupIds));
        groups.all().forEach(group -> addUnlessThere(group.groupId(), groupIds));
        consumerGroups.all().forEach(group -> addUnlessThere(group.groupId(), groupIds));
        CompletableFuture<Void> done = new CompletableFuture<>();
        sweep(groupIds, decision, done);
        return done;
    }

    /** A group that comes twice is looked at twice. */
    private void addUnlessThere(String groupId, Deque<String> groupIds) {
        if (!offsets.knows(groupId)) {
            groupIds.add(groupId);
        }
    }

    private void sweep(
            Deque<String> groupIds, Function<String, List<GroupRecord>> decision, CompletableFuture<Void> done) {
        if (closed) {
            done.cancel(false);
            return;
        }
        List<GroupRecord> records = new ArrayList<>();
        int work = 0;
        while (work < WORK_PER_TASK && records.size() < RECORDS_PER_WRITE && !groupIds.isEmpty()) {
            String groupId = groupIds.poll();
            work += WORK_PER_GROUP + offsets.size(groupId);
            records.addAll(decision.apply(groupId));
            offsets.forgetIfEmpty(groupId);
            if (removals.isGhost(groupId)) {
                groups.remove(groupId);
            }
        }
        if (groupIds.isEmpty()) {
            done.complete(null);
        } else {
            context.timers().runInTurn(() -> sweep(groupIds, decision, done));
        }
        if (!records.isEmpty()) {
            writeAll(records).thenAccept(result -> {
                if (result instanceof WriteResult.Failed failed) {
                    LOG.warnf(
                            "%d records that remove offsets could not be written: %s", records.size(), failed.error());
                }
            });
        }
    }

    private enum ExpiryTimer {
        INSTANCE
    }
}
