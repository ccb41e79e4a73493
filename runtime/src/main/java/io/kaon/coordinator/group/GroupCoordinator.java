// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.common.Gather;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.common.Uuid;
import io.kaon.coordinator.ShardClock;
import io.kaon.coordinator.ShardKind;
import io.kaon.coordinator.ShardOptions;
import io.kaon.coordinator.ShardRuntime;
import io.kaon.coordinator.group.Verifications.Guard;
import io.kaon.coordinator.group.consumer.ConsumerGroupShard;
import io.kaon.coordinator.group.consumer.ConsumerGroupViews;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ImageChange;
import io.kaon.storage.producer.TransactionMarker;
import io.kaon.wire.message.ConsumerGroupDescribeRequest;
import io.kaon.wire.message.ConsumerGroupDescribeResponse;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import io.kaon.wire.message.DeleteGroupsRequest;
import io.kaon.wire.message.DeleteGroupsResponse;
import io.kaon.wire.message.DeleteGroupsResponse.DeletableGroupResult;
import io.kaon.wire.message.DescribeGroupsRequest;
import io.kaon.wire.message.DescribeGroupsResponse;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.HeartbeatResponse;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.LeaveGroupRequest;
import io.kaon.wire.message.LeaveGroupResponse;
import io.kaon.wire.message.ListGroupsRequest;
import io.kaon.wire.message.ListGroupsResponse;
import io.kaon.wire.message.OffsetCommitRequest;
import io.kaon.wire.message.OffsetCommitResponse;
import io.kaon.wire.message.OffsetDeleteRequest;
import io.kaon.wire.message.OffsetDeleteResponse;
import io.kaon.wire.message.OffsetFetchRequest;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.kaon.wire.message.OffsetFetchResponse;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.kaon.wire.message.SyncGroupRequest;
import io.kaon.wire.message.SyncGroupResponse;
import io.kaon.wire.message.TxnOffsetCommitRequest;
import io.kaon.wire.message.TxnOffsetCommitResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * The group coordinator of this broker: takes each request to the shard of its group. Every method is for any thread;
 * answers complete inside a shard's owner, so the caller hops to where it belongs. Authorisation, and the way between
 * topic ids and names (OffsetCommit and OffsetFetch from version 10), are the caller's: requests come with names,
 * answers carry the ids that the requests had.
 *
 * <p>The topic is made on first use: by {@link #ensureTopic} (FindCoordinator) or by the first request of a group.
 */
public final class GroupCoordinator {
    private static final Logger LOG = Logger.getLogger(GroupCoordinator.class);

    /** TxnOffsetCommit with transaction.version 2: no AddOffsetsToTxn goes before it. */
    private static final short FIRST_VERSION_THAT_ADDS = 5;
    /** TxnOffsetCommit of clients that know TRANSACTION_ABORTABLE (KIP-890). */
    private static final short FIRST_VERSION_WITH_ABORTABLE = 4;

    private final OffsetsTopic topic;
    private final TransactionVerifier verifier;
    private final ShardRuntime<GroupRecord, GroupShard> shards;
    /** Offset of the newest metadata that changed topics, or where their replicas stand. */
    private volatile long topicsChangedAt = ClusterImage.NO_OFFSET;

    public GroupCoordinator(
            OffsetsTopic topic, GroupOptions options, ShardOptions shardOptions, ShardClock time, GroupPorts ports) {
        this.topic = topic;
        this.verifier = ports.transactions();
        this.shards = new ShardRuntime<>(
                new ShardKind<GroupRecord, GroupShard>(
                        OffsetsTopic.NAME,
                        new GroupRecordCodec(),
                        (writer, timers, timeline, owner) -> new GroupShard(
                                new GroupContext(
                                        options,
                                        time.clock(),
                                        timers,
                                        writer,
                                        ports.randomIds(),
                                        new ConsumerGroupShard.World(
                                                ports.consumers(),
                                                time.clock(),
                                                ports.randomIds(),
                                                () -> topicsChangedAt)),
                                timeline,
                                owner),
                        time,
                        shardOptions),
                topic::open);
    }

    /**
     * The partition of {@code __consumer_offsets} whose leader coordinates the group: where Kafka would keep it too.
     */
    public int partitionFor(String groupId) {
        return topic.partitionFor(groupId);
    }

    /** This broker leads a partition of the topic from now on. */
    public void onLeader(int partition, int leaderEpoch) {
        shards.onLeader(partition, leaderEpoch);
    }

    /** This broker does not lead that partition any more: its members look for another coordinator. */
    public void onResigned(int partition) {
        shards.onResigned(partition);
    }

    /**
     * Topics are gone: the groups' offsets of them go too.
     *
     * @param namesById of the topics
     */
    public void onTopicsDeleted(Map<Uuid, String> namesById) {
        DeletedTopics gone = new DeletedTopics(namesById);
        shards.tell(shard -> shard.removeTopics(gone));
    }

    /**
     * There is newer metadata, which {@link GroupPorts} gives already. Consumer groups compare themselves with it at
     * their members' next heartbeats.
     */
    public void onMetadata(ClusterImage image, ImageChange change) {
        if (!change.topics().isEmpty() || !change.removed().isEmpty() || change.brokersChanged()) {
            topicsChangedAt = image.offset();
        }
    }

    /** Ends every shard; whoever waits hears NOT_COORDINATOR. */
    public void close() {
        shards.close();
    }

    /** Makes the topic if it is not there. NONE when it is, COORDINATOR_NOT_AVAILABLE when it could not be made now. */
    public CompletionStage<ErrorCode> ensureTopic() {
        return topic.ensure();
    }

    /** Api 11. Completes when the group has formed its next generation. */
    public CompletionStage<JoinGroupResponse> joinGroup(GroupRequest from, JoinGroupRequest request) {
        Function<ErrorCode, JoinGroupResponse> failure = error -> GroupAnswers.joinError(request.memberId(), error);
        return ofGroup(request.groupId(), shard -> shard.join(from, request), failure);
    }

    /** Api 14. Completes when the leader has assigned. */
    public CompletionStage<SyncGroupResponse> syncGroup(GroupRequest from, SyncGroupRequest request) {
        return ofGroup(request.groupId(), shard -> shard.sync(from, request), GroupAnswers::syncError);
    }

    /** Api 12. A shard that loads says that all is well: it knows nothing against the member yet. */
    public CompletionStage<HeartbeatResponse> heartbeat(GroupRequest from, HeartbeatRequest request) {
        return ofGroup(
                request.groupId(),
                shard -> shard.heartbeat(request),
                error -> GroupAnswers.heartbeat(
                        error == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS ? ErrorCode.NONE : error));
    }

    /** Api 13. */
    public CompletionStage<LeaveGroupResponse> leaveGroup(GroupRequest from, LeaveGroupRequest request) {
        return ofGroup(request.groupId(), shard -> shard.leave(from, request), GroupAnswers::leaveError);
    }

    /** Api 8. Commits for the group id "" are allowed, as in Kafka. */
    public CompletionStage<OffsetCommitResponse> commitOffsets(GroupRequest from, OffsetCommitRequest request) {
        return inTopic(
                request.groupId(), shard -> shard.commit(from, request), error -> OffsetCommits.failed(request, error));
    }

    /**
     * Api 28: offsets that count from the end of the producer's transaction on ({@link #completeTransaction}). The
     * transaction coordinator is asked first whether the transaction includes the group's partition.
     */
    public CompletionStage<TxnOffsetCommitResponse> commitTransactionalOffsets(
            GroupRequest from, TxnOffsetCommitRequest request) {
        ErrorCode refusal = refusal(request);
        if (refusal != ErrorCode.NONE) {
            return CompletableFuture.completedStage(TransactionalCommits.failed(request, refusal));
        }
        return this.<TransactionalAttempt>inTopic(
                        request.groupId(),
                        shard -> shard.commitTransactional(from, request),
                        error -> new TransactionalAttempt.Answered(TransactionalCommits.failed(request, error)))
                .thenCompose(attempt -> attempt instanceof TransactionalAttempt.Answered answered
                        ? CompletableFuture.completedStage(answered.response())
                        : verify(from, request, ((TransactionalAttempt.Unverified) attempt).guard()));
    }

    private static ErrorCode refusal(TxnOffsetCommitRequest request) {
        if (request.groupId().isEmpty()) {
            return ErrorCode.INVALID_GROUP_ID;
        }
        return request.producerId() < 0 || request.producerEpoch() < 0
                ? ErrorCode.INVALID_PRODUCER_ID_MAPPING
                : ErrorCode.NONE;
    }

    private CompletionStage<TxnOffsetCommitResponse> verify(
            GroupRequest from, TxnOffsetCommitRequest request, Guard guard) {
        int partition = partitionFor(request.groupId());
        TransactionVerifier.Question question = new TransactionVerifier.Question(
                request.transactionalId(),
                new ProducerIdAndEpoch(request.producerId(), request.producerEpoch()),
                partition,
                from.version() >= FIRST_VERSION_THAT_ADDS);
        return verifier.verify(question)
                .exceptionally(failure -> {
                    LOG.warnf(
                            failure,
                            "The transaction coordinator of a commit for %s-%d could not be asked",
                            OffsetsTopic.NAME,
                            partition);
                    return ErrorCode.NETWORK_EXCEPTION;
                })
                .thenCompose(answer -> shards.ask(
                        partition,
                        shard -> shard.commitVerified(from, request, guard, verdict(from.version(), answer)),
                        error -> TransactionalCommits.failed(request, error)));
    }

    /** The transaction coordinator's answer as producers of that version understand it. */
    private static ErrorCode verdict(short version, ErrorCode answer) {
        switch (answer) {
            case NETWORK_EXCEPTION:
                // Older clients do not come again after it; after this one every client does, and to the same broker.
                return ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
            case PRODUCER_FENCED:
                return ErrorCode.INVALID_PRODUCER_EPOCH;
            case TRANSACTION_ABORTABLE:
                return version >= FIRST_VERSION_WITH_ABORTABLE ? answer : ErrorCode.INVALID_TXN_STATE;
            default:
                return answer;
        }
    }

    /**
     * Ends a producer's transaction in a partition of {@code __consumer_offsets} (WriteTxnMarkers): its offsets are
     * committed or forgotten as soon as the marker is. NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, or what the log
     * says against the marker.
     *
     * @param bumpsEpoch whether the marker must carry a newer epoch than the records (transaction.version 2)
     */
    public CompletionStage<ErrorCode> completeTransaction(int partition, TransactionMarker marker, boolean bumpsEpoch) {
        return shards.ask(partition, shard -> shard.completeTransaction(marker, bumpsEpoch), error -> error);
    }

    /** Api 9: one group up to version 7, several from 8 on. */
    public CompletionStage<OffsetFetchResponse> fetchOffsets(GroupRequest from, OffsetFetchRequest request) {
        OffsetFetchShape shape = new OffsetFetchShape(from.version());
        return Gather.forEach(shape.groupsOf(request), group -> fetchGroup(group, request.requireStable()))
                .thenApply(groups -> shape.answer(request, groups));
    }

    private CompletionStage<OffsetFetchResponseGroup> fetchGroup(OffsetFetchRequestGroup group, boolean stable) {
        return inTopic(
                group.groupId(),
                shard -> shard.fetch(group, stable),
                error -> OffsetFetches.failed(group.groupId(), error));
    }

    /** Api 47. The caller has refused topics that do not exist. */
    public CompletionStage<OffsetDeleteResponse> deleteOffsets(GroupRequest from, OffsetDeleteRequest request) {
        return ofGroup(request.groupId(), shard -> shard.deleteOffsets(request), error -> new OffsetDeleteResponse()
                .setErrorCode(error.code()));
    }

    /** Api 15. Authorised operations are the caller's to fill in. */
    public CompletionStage<DescribeGroupsResponse> describeGroups(GroupRequest from, DescribeGroupsRequest request) {
        return Gather.forEach(
                        request.groups(),
                        groupId -> shards.ask(
                                partitionFor(groupId),
                                shard -> shard.describe(from, groupId),
                                error -> GroupViews.failed(groupId, error)))
                .thenApply(groups -> new DescribeGroupsResponse().setGroups(groups));
    }

    /** Api 16: the groups that this broker coordinates. */
    public CompletionStage<ListGroupsResponse> listGroups(GroupRequest from, ListGroupsRequest request) {
        return Gather.forEach(
                        shards.partitions(),
                        partition -> shards.ask(
                                partition,
                                shard -> shard.list(request)
                                        .thenApply(groups -> new ListGroupsResponse().setGroups(groups)),
                                error -> new ListGroupsResponse().setErrorCode(error.code())))
                .thenApply(GroupCoordinator::merged);
    }

    /**
     * What there is to see of all groups that this broker coordinates, shard by shard; those of a shard that is not
     * loaded are missing.
     *
     * @param maxOffsets how many committed offsets at most, of each shard
     */
    public CompletionStage<List<GroupReading>> readings(int maxOffsets) {
        return Gather.forEach(
                        shards.partitions(),
                        partition -> shards.ask(
                                partition, shard -> shard.readings(maxOffsets), error -> List.<GroupReading>of()))
                .thenApply(parts -> parts.stream().flatMap(List::stream).toList());
    }

    /**
     * Api 68 (KIP-848): a member joins, says that it is there, acknowledges what it has given up, or leaves. The caller
     * knows that the protocol is on.
     */
    public CompletionStage<ConsumerGroupHeartbeatResponse> consumerGroupHeartbeat(
            GroupRequest from, ConsumerGroupHeartbeatRequest request) {
        Function<ErrorCode, ConsumerGroupHeartbeatResponse> failure = error -> ConsumerGroupShard.failed(error, null);
        return request.groupId().isEmpty()
                ? CompletableFuture.completedStage(failure.apply(ErrorCode.INVALID_REQUEST))
                : inTopic(request.groupId(), shard -> shard.consumerHeartbeat(from, request), failure);
    }

    /** Api 69. Authorised operations are the caller's to fill in. */
    public CompletionStage<ConsumerGroupDescribeResponse> describeConsumerGroups(
            GroupRequest from, ConsumerGroupDescribeRequest request) {
        return Gather.forEach(
                        request.groupIds(),
                        groupId -> groupId.isEmpty()
                                ? CompletableFuture.completedStage(
                                        ConsumerGroupViews.failed(groupId, ErrorCode.INVALID_GROUP_ID, null))
                                : shards.ask(
                                        partitionFor(groupId),
                                        shard -> shard.describeConsumer(groupId),
                                        error -> ConsumerGroupViews.failed(groupId, error, null)))
                .thenApply(groups -> new ConsumerGroupDescribeResponse().setGroups(groups));
    }

    /** Api 42. */
    public CompletionStage<DeleteGroupsResponse> deleteGroups(GroupRequest from, DeleteGroupsRequest request) {
        return Gather.forEach(request.groupsNames(), groupId -> shards.ask(
                                partitionFor(groupId), shard -> shard.deleteGroup(groupId), error -> error)
                        .thenApply(error -> deletion(groupId, error)))
                .thenApply(results -> new DeleteGroupsResponse().setResults(results));
    }

    private static DeletableGroupResult deletion(String groupId, ErrorCode error) {
        return new DeletableGroupResult().setGroupId(groupId).setErrorCode(error.code());
    }

    private static ListGroupsResponse merged(List<ListGroupsResponse> parts) {
        ListGroupsResponse merged = new ListGroupsResponse();
        for (ListGroupsResponse part : parts) {
            if (part.errorCode() == ErrorCode.NONE.code()) {
                merged.groups().addAll(part.groups());
            } else if (part.errorCode() != ErrorCode.NOT_COORDINATOR.code()) {
                return new ListGroupsResponse().setErrorCode(part.errorCode());
            }
        }
        return merged;
    }

    /** For the apis of members: a group needs a name. */
    private <T> CompletionStage<T> ofGroup(
            String groupId, Function<GroupShard, CompletionStage<T>> question, Function<ErrorCode, T> failure) {
        return groupId.isEmpty()
                ? CompletableFuture.completedStage(failure.apply(ErrorCode.INVALID_GROUP_ID))
                : inTopic(groupId, question, failure);
    }

    private <T> CompletionStage<T> inTopic(
            String groupId, Function<GroupShard, CompletionStage<T>> question, Function<ErrorCode, T> failure) {
        if (topic.exists()) {
            return shards.ask(partitionFor(groupId), question, failure);
        }
        return ensureTopic()
                .thenCompose(error -> error == ErrorCode.NONE
                        ? shards.ask(partitionFor(groupId), question, failure)
                        : CompletableFuture.completedStage(failure.apply(error)));
    }
}
