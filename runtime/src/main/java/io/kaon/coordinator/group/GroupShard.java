// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.ShardState;
import io.kaon.coordinator.Timeline;
import io.kaon.coordinator.WriteResult;
import io.kaon.exec.SerialExecutor;
import io.kaon.wire.message.DescribeGroupsResponse.DescribedGroup;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.HeartbeatResponse;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.LeaveGroupRequest;
import io.kaon.wire.message.LeaveGroupResponse;
import io.kaon.wire.message.ListGroupsRequest;
import io.kaon.wire.message.ListGroupsResponse.ListedGroup;
import io.kaon.wire.message.OffsetCommitRequest;
import io.kaon.wire.message.OffsetCommitResponse;
import io.kaon.wire.message.OffsetDeleteRequest;
import io.kaon.wire.message.OffsetDeleteResponse;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.kaon.wire.message.SyncGroupRequest;
import io.kaon.wire.message.SyncGroupResponse;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * The groups of one partition of {@code __consumer_offsets}. Requests come in here; the parts decide; {@link #replay}
 * is the only way in which offsets and stored generations change. Owned by the partition's owner.
 */
final class GroupShard implements ShardState<GroupRecord> {
    private static final Logger LOG = Logger.getLogger(GroupShard.class);

    private final GroupContext context;
    private final Groups groups;
    private final OffsetStore offsets;
    private final Generations generations;
    private final Rebalancer rebalancer;
    private final Joining joining;
    private final Syncing syncing;
    private final Leaving leaving;
    private final OffsetCommits commits;
    private final OffsetFetches fetches;
    private final OffsetDeletes offsetDeletes;
    private final GroupViews views;
    private final Removals removals;
    private final Janitor janitor;
    private boolean loaded;

    GroupShard(GroupContext context, Timeline timeline, SerialExecutor owner) {
        this.context = context;
        groups = new Groups(context.clock());
        offsets = new OffsetStore(timeline);
        generations = new Generations(timeline);
        rebalancer = new Rebalancer(context);
        joining = new Joining(context, groups, rebalancer);
        syncing = new Syncing(context, groups, rebalancer, generations);
        leaving = new Leaving(groups, rebalancer);
        commits = new OffsetCommits(context.options(), groups, offsets);
        fetches = new OffsetFetches(offsets);
        offsetDeletes = new OffsetDeletes(groups, offsets);
        views = new GroupViews(groups, offsets);
        removals = new Removals(context.options(), groups, offsets, generations);
        janitor = new Janitor(context, owner, groups, offsets, removals);
    }

    CompletionStage<JoinGroupResponse> join(GroupRequest from, JoinGroupRequest request) {
        return joining.join(from, request);
    }

    CompletionStage<SyncGroupResponse> sync(SyncGroupRequest request) {
        return syncing.sync(request);
    }

    CompletionStage<HeartbeatResponse> heartbeat(HeartbeatRequest request) {
        return CompletableFuture.completedStage(syncing.heartbeat(request));
    }

    /**
     * Answered at once: that a group has become empty is not worth waiting for; a lost record makes its ghosts time
     * out.
     */
    CompletionStage<LeaveGroupResponse> leave(GroupRequest from, LeaveGroupRequest request) {
        return CompletableFuture.completedStage(leaving.leave(from, request));
    }

    CompletionStage<OffsetCommitResponse> commit(GroupRequest from, OffsetCommitRequest request) {
        Decision<OffsetCommitResponse> decision =
                commits.decide(from.version(), request, context.clock().wallMs());
        if (decision.records().isEmpty()) {
            return CompletableFuture.completedStage(decision.response());
        }
        groups.find(request.groupId()).ifPresent(group -> group.roster()
                .find(request.memberId())
                .ifPresent(member -> rebalancer.startSession(group, member)));
        return write(
                decision,
                error -> OffsetCommits.failed(
                        request, GroupAnswers.ofWrite(error, ErrorCode.INVALID_COMMIT_OFFSET_SIZE)));
    }

    /**
     * From the committed position.
     *
     * @param stable whether commits that are on their way are to be waited for
     */
    CompletionStage<OffsetFetchResponseGroup> fetch(OffsetFetchRequestGroup request, boolean stable) {
        if (!stable) {
            return CompletableFuture.completedStage(fetches.fetch(request));
        }
        return context.writer()
                .write(List.of())
                .thenApply(result -> result instanceof WriteResult.Failed failed
                        ? OffsetFetches.failed(
                                request.groupId(), GroupAnswers.ofWrite(failed.error(), ErrorCode.UNKNOWN_SERVER_ERROR))
                        : fetches.fetch(request));
    }

    CompletionStage<OffsetDeleteResponse> deleteOffsets(OffsetDeleteRequest request) {
        return write(offsetDeletes.decide(request), error -> new OffsetDeleteResponse()
                .setErrorCode(GroupAnswers.ofWrite(error, ErrorCode.UNKNOWN_SERVER_ERROR)
                        .code()));
    }

    CompletionStage<ErrorCode> deleteGroup(String groupId) {
        return write(
                removals.deleteGroup(groupId), error -> GroupAnswers.ofWrite(error, ErrorCode.UNKNOWN_SERVER_ERROR));
    }

    CompletionStage<DescribedGroup> describe(GroupRequest from, String groupId) {
        return CompletableFuture.completedStage(views.describe(from.version(), groupId));
    }

    CompletionStage<List<ListedGroup>> list(ListGroupsRequest filter) {
        return CompletableFuture.completedStage(views.list(filter));
    }

    /** The topics are gone: so are the offsets. */
    CompletionStage<Void> removeTopics(Set<String> topics) {
        return janitor.removeTopics(topics);
    }

    private <T> CompletionStage<T> write(Decision<T> decision, Function<ErrorCode, T> failure) {
        return janitor.writeAll(decision.records())
                .thenApply(result -> result instanceof WriteResult.Failed failed
                        ? failure.apply(failed.error())
                        : decision.response());
    }

    @Override
    public void replay(long offset, GroupRecord record) {
        if (record instanceof GroupRecord.OffsetCommitted committed) {
            offsets.replay(offset, committed);
        } else if (record instanceof GroupRecord.OffsetRemoved removed) {
            offsets.replay(offset, removed);
        } else if (record instanceof GroupRecord.GroupStored stored) {
            generations.replay(offset, stored);
        } else if (record instanceof GroupRecord.GroupRemoved removed) {
            generations.replay(offset, removed);
            if (loaded) {
                removeLive(removed.groupId());
            }
        }
    }

    /** A group that has got members since its removal was decided lives on; its next generation is written as usual. */
    private void removeLive(String groupId) {
        groups.find(groupId).ifPresent(group -> {
            if (group.phase() instanceof GroupPhase.Empty empty) {
                groups.remove(groupId);
                rebalancer.forget(group);
                group.moveTo(empty.die(), context.clock().wallMs());
            }
        });
    }

    @Override
    public void onCommitted(long offset) {
        // Answers wait in the shard, readers look at the timeline: nothing of our own moves.
    }

    @Override
    public void onLoaded() {
        loaded = true;
        generations.forEachLatest((groupId, stored) -> groups.restore(ClassicGroup.restored(groupId, stored)));
        for (ClassicGroup group : groups.all()) {
            group.roster().all().forEach(member -> rebalancer.startSession(group, member));
            if (group.roster().size() > context.options().maxSize()) {
                rebalancer.rebalanceOrComplete(group, "group.max.size has been lowered");
            }
        }
        janitor.start();
        LOG.debugf("A group shard is loaded with %d groups", groups.all().size());
    }

    @Override
    public void onUnloaded(ErrorCode reason) {
        janitor.close();
        for (ClassicGroup group : groups.all()) {
            for (ClassicMember member : List.copyOf(group.roster().all())) {
                group.roster().answerJoin(member, GroupAnswers.joinError(member.memberId(), reason));
                member.answerSync(GroupAnswers.syncError(reason));
            }
        }
    }
}
