// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.coordinator.ShardState;
import io.kaon.coordinator.Timeline;
import io.kaon.coordinator.WriteResult;
import io.kaon.coordinator.group.Verifications.Guard;
import io.kaon.coordinator.group.consumer.ConsumerGroupShard;
import io.kaon.coordinator.group.consumer.ConsumerGroups;
import io.kaon.exec.SerialExecutor;
import io.kaon.storage.producer.TransactionMarker;
import io.kaon.wire.message.ConsumerGroupDescribeResponse;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
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
import io.kaon.wire.message.TxnOffsetCommitRequest;
import io.kaon.wire.message.TxnOffsetCommitResponse;
import java.util.List;
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
    private final ConsumerGroups consumerGroups = new ConsumerGroups();
    private final ConsumerGroupShard consumers;
    private final ConsumerRequests consumerRequests;
    private final OffsetStore offsets;
    private final Generations generations;
    private final Rebalancer rebalancer;
    private final Migrations migrations;
    private final ClassicRequests classicRequests;
    private final Memberships memberships;
    private final OffsetCommits commits;
    private final TransactionalCommits transactionalCommits;
    private final Verifications verifications = new Verifications();
    private final OffsetFetches fetches;
    private final OffsetDeletes offsetDeletes;
    private final GroupViews views;
    private final Removals removals;
    private final Janitor janitor;
    private boolean loaded;

    GroupShard(GroupContext context, Timeline timeline, SerialExecutor owner) {
        this.context = context;
        groups = new Groups(context.clock());
        consumers = new ConsumerGroupShard(
                context.consumers(), consumerGroups, owner, context.timers(), records -> context.writer()
                        .write(records.stream()
                                .<GroupRecord>map(GroupRecord.Modern::new)
                                .toList()));
        offsets = new OffsetStore(timeline);
        generations = new Generations(timeline);
        rebalancer = new Rebalancer(context);
        migrations = new Migrations(context, groups, rebalancer, consumers);
        classicRequests = new ClassicRequests(
                consumerGroups,
                new Joining(context, groups, rebalancer),
                new Syncing(context, groups, rebalancer, generations),
                new Leaving(groups, rebalancer),
                new MixedGroups(context, consumers),
                migrations);
        consumerRequests = new ConsumerRequests(context, migrations, consumers);
        memberships = new Memberships(groups, consumerGroups, offsets);
        commits = new OffsetCommits(context.options(), memberships);
        transactionalCommits = new TransactionalCommits(context.options(), memberships, offsets.transactions());
        fetches = new OffsetFetches(
                offsets, memberships, context.consumers().ports().images());
        offsetDeletes = new OffsetDeletes(groups, memberships, offsets);
        views = new GroupViews(groups, consumerGroups, offsets);
        removals = new Removals(context.options(), groups, consumerGroups, offsets, generations, consumers::tombstones);
        janitor = new Janitor(context, owner, groups, consumerGroups, offsets, removals);
    }

    CompletionStage<JoinGroupResponse> join(GroupRequest from, JoinGroupRequest request) {
        return classicRequests.join(from, request);
    }

    CompletionStage<SyncGroupResponse> sync(GroupRequest from, SyncGroupRequest request) {
        return classicRequests.sync(from, request);
    }

    CompletionStage<HeartbeatResponse> heartbeat(HeartbeatRequest request) {
        return classicRequests.heartbeat(request);
    }

    CompletionStage<LeaveGroupResponse> leave(GroupRequest from, LeaveGroupRequest request) {
        return classicRequests.leave(from, request);
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

    /** Goes on if the producer's transaction is known here, or wants the transaction coordinator to be asked. */
    CompletionStage<TransactionalAttempt> commitTransactional(GroupRequest from, TxnOffsetCommitRequest request) {
        ProducerIdAndEpoch producer = new ProducerIdAndEpoch(request.producerId(), request.producerEpoch());
        return offsets.transactions().isOpen(producer)
                ? write(from, request, producer).thenApply(TransactionalAttempt.Answered::new)
                : CompletableFuture.completedStage(
                        new TransactionalAttempt.Unverified(verifications.begin(producer.producerId())));
    }

    /**
     * Goes on with the transaction coordinator's answer.
     *
     * @param answer NONE when the transaction includes this partition
     */
    CompletionStage<TxnOffsetCommitResponse> commitVerified(
            GroupRequest from, TxnOffsetCommitRequest request, Guard guard, ErrorCode answer) {
        ProducerIdAndEpoch producer = new ProducerIdAndEpoch(request.producerId(), request.producerEpoch());
        boolean holds = verifications.finish(guard) || offsets.transactions().isOpen(producer);
        if (answer == ErrorCode.NONE && holds) {
            return write(from, request, producer);
        }
        // A marker that came meanwhile may have ended the producer's transaction before this one, or have come twice
        // after a crash. Asked again, the transaction coordinator tells which; an error now would be the end of the
        // producer.
        return CompletableFuture.completedStage(TransactionalCommits.failed(
                request, answer == ErrorCode.NONE ? ErrorCode.COORDINATOR_LOAD_IN_PROGRESS : answer));
    }

    private CompletionStage<TxnOffsetCommitResponse> write(
            GroupRequest from, TxnOffsetCommitRequest request, ProducerIdAndEpoch producer) {
        Decision<TxnOffsetCommitResponse> decision = transactionalCommits.decide(
                from.version(), request, context.clock().wallMs());
        if (decision.records().isEmpty()) {
            return CompletableFuture.completedStage(decision.response());
        }
        return context.writer()
                .writeTransactional(producer, decision.records())
                .thenApply(result -> result instanceof WriteResult.Failed failed
                        ? TransactionalCommits.failed(
                                request, GroupAnswers.ofWrite(failed.error(), ErrorCode.INVALID_COMMIT_OFFSET_SIZE))
                        : decision.response());
    }

    /** Writes the marker; its offsets count, or are gone, once it is committed. */
    CompletionStage<ErrorCode> completeTransaction(TransactionMarker marker, boolean bumpsEpoch) {
        return context.writer()
                .writeMarker(marker, bumpsEpoch)
                .thenApply(result -> result instanceof WriteResult.Failed failed ? failed.error() : ErrorCode.NONE);
    }

    /**
     * From the committed position.
     *
     * @param requireStable whether commits that are on their way are to be waited for, and open transactions to be told
     */
    CompletionStage<OffsetFetchResponseGroup> fetch(OffsetFetchRequestGroup request, boolean requireStable) {
        if (!requireStable) {
            return CompletableFuture.completedStage(fetches.fetch(request));
        }
        // What is answered must be one moment's: later on the marker of a transaction may be there, but its offsets not
        // be committed yet.
        OffsetFetchResponseGroup stable = fetches.fetchStable(request);
        return context.writer()
                .write(List.of())
                .thenApply(result -> result instanceof WriteResult.Failed failed
                        ? OffsetFetches.failed(
                                request.groupId(), GroupAnswers.ofWrite(failed.error(), ErrorCode.UNKNOWN_SERVER_ERROR))
                        : stable);
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

    CompletionStage<ConsumerGroupHeartbeatResponse> consumerHeartbeat(
            GroupRequest from, ConsumerGroupHeartbeatRequest request) {
        return consumerRequests.heartbeat(from, request);
    }

    CompletionStage<ConsumerGroupDescribeResponse.DescribedGroup> describeConsumer(String groupId) {
        return consumerRequests.describe(groupId);
    }

    CompletionStage<DescribedGroup> describe(GroupRequest from, String groupId) {
        return CompletableFuture.completedStage(views.describe(from.version(), groupId));
    }

    CompletionStage<List<ListedGroup>> list(ListGroupsRequest filter) {
        return CompletableFuture.completedStage(views.list(filter));
    }

    /** @param maxOffsets how many committed offsets at most, of all groups together */
    CompletionStage<List<GroupReading>> readings(int maxOffsets) {
        return CompletableFuture.completedStage(views.readings(maxOffsets));
    }

    /** The topics are gone: so are the offsets. */
    CompletionStage<Void> removeTopics(DeletedTopics topics) {
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
            if (loaded && groups.find(stored.groupId()).isEmpty()) {
                // Classic groups write of themselves while they live: this one was a consumer group until now.
                groups.restore(ClassicGroup.restored(stored.groupId(), stored.group()));
            }
        } else if (record instanceof GroupRecord.GroupRemoved removed) {
            generations.replay(offset, removed);
            if (loaded) {
                removeLive(removed.groupId());
            }
        } else if (record instanceof GroupRecord.Modern modern) {
            consumers.replay(modern.record());
            if (loaded) {
                migrations.onReplayed(modern.record());
            }
        }
    }

    @Override
    public void replayTransactional(long offset, ProducerIdAndEpoch producer, GroupRecord record) {
        if (record instanceof GroupRecord.OffsetCommitted committed) {
            offsets.replayTransactional(offset, producer, committed);
        } else {
            // Nothing else is written in transactions. Kafka takes the rest at its word, and so do we.
            replay(offset, record);
        }
    }

    @Override
    public void replayMarker(long offset, long producerId, short epoch, boolean committed) {
        verifications.onMarker(producerId);
        offsets.replayMarker(offset, producerId, committed);
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
        generations.forEachLatest((groupId, stored) -> {
            if (consumerGroups.find(groupId).isEmpty()) {
                groups.restore(ClassicGroup.restored(groupId, stored));
            }
        });
        for (ClassicGroup group : groups.all()) {
            group.roster().all().forEach(member -> rebalancer.startSession(group, member));
            if (group.roster().size() > context.options().maxSize()) {
                rebalancer.rebalanceOrComplete(group, "group.max.size has been lowered");
            } else if (!group.isEmpty() && group.leader().isEmpty()) {
                rebalancer.rebalanceOrComplete(group, "it was a consumer group until now");
            }
        }
        consumers.onLoaded();
        migrations.onLoaded();
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
