// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.controller.Controller;
import io.kaon.coordinator.group.GroupCoordinator;
import io.kaon.coordinator.transaction.TransactionCoordinator;
import io.kaon.exec.Clock;
import io.kaon.exec.DiskThreads;
import io.kaon.metadata.MetadataImages;
import io.kaon.metadata.config.BrokerSettings;
import io.kaon.metadata.config.ConfigDescriber;
import io.kaon.record.RecordLimits;
import io.kaon.replication.Fetcher;
import io.kaon.replication.PartitionRegistry;
import io.kaon.server.ApiTable;
import io.kaon.server.Authoriser;
import io.kaon.server.RequestRouter;
import io.kaon.server.ServerOptions;
import io.kaon.wire.message.AddOffsetsToTxnRequest;
import io.kaon.wire.message.AddPartitionsToTxnRequest;
import io.kaon.wire.message.AlterConfigsRequest;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ApiVersionsRequest;
import io.kaon.wire.message.ConsumerGroupDescribeRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import io.kaon.wire.message.CreatePartitionsRequest;
import io.kaon.wire.message.CreateTopicsRequest;
import io.kaon.wire.message.DeleteGroupsRequest;
import io.kaon.wire.message.DeleteRecordsRequest;
import io.kaon.wire.message.DeleteTopicsRequest;
import io.kaon.wire.message.DescribeAclsRequest;
import io.kaon.wire.message.DescribeClusterRequest;
import io.kaon.wire.message.DescribeConfigsRequest;
import io.kaon.wire.message.DescribeGroupsRequest;
import io.kaon.wire.message.DescribeLogDirsRequest;
import io.kaon.wire.message.DescribeProducersRequest;
import io.kaon.wire.message.DescribeTopicPartitionsRequest;
import io.kaon.wire.message.DescribeTransactionsRequest;
import io.kaon.wire.message.EndTxnRequest;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.FindCoordinatorRequest;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.IncrementalAlterConfigsRequest;
import io.kaon.wire.message.InitProducerIdRequest;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.LeaveGroupRequest;
import io.kaon.wire.message.ListConfigResourcesRequest;
import io.kaon.wire.message.ListGroupsRequest;
import io.kaon.wire.message.ListOffsetsRequest;
import io.kaon.wire.message.ListTransactionsRequest;
import io.kaon.wire.message.MetadataRequest;
import io.kaon.wire.message.OffsetCommitRequest;
import io.kaon.wire.message.OffsetDeleteRequest;
import io.kaon.wire.message.OffsetFetchRequest;
import io.kaon.wire.message.OffsetForLeaderEpochRequest;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.SyncGroupRequest;
import io.kaon.wire.message.TxnOffsetCommitRequest;
import io.kaon.wire.message.UpdateFeaturesRequest;
import io.kaon.wire.message.WriteTxnMarkersRequest;
import java.util.Optional;

/** Puts all handlers into a router: which class serves which api, and with what. Used once, by the composition root. */
public final class Handlers {
    private final Policy policy;
    private final ControlPlane control;
    private final DataPlane data;

    /** What the broker was told: its settings, and who may do what. */
    public record Policy(ServerOptions options, BrokerSettings settings, Authoriser authoriser) {}

    /** Where metadata is read and changed, and groups are kept. */
    public record ControlPlane(
            MetadataImages images,
            Controller controller,
            TopicCreator creator,
            ProducerIds producerIds,
            GroupCoordinator groups,
            Transactions transactions) {}

    /**
     * What transactions need.
     *
     * @param coordinator of this broker
     * @param verifier asks it, or another broker's, about partitions that are written to
     * @param markers writes the ends of transactions
     */
    public record Transactions(
            TransactionCoordinator coordinator, PartitionVerifier verifier, TransactionMarkers markers) {}

    /** Where records are. */
    public record DataPlane(
            PartitionRegistry partitions,
            Fetcher fetcher,
            Conversion conversion,
            DiskThreads disk,
            LogDirectories directories) {}

    /**
     * How records get their old formats for Fetch 0–3.
     *
     * @param threads where that happens: few, for it reads files and takes processor time
     * @param limits the codecs, and how far a batch may be decompressed
     * @param clock tells how long a fetch has waited that reads on
     */
    public record Conversion(DiskThreads threads, RecordLimits limits, Clock clock) {}

    public Handlers(Policy policy, ControlPlane control, DataPlane data) {
        this.policy = policy;
        this.control = control;
        this.data = data;
    }

    /** A router for everything in the table. */
    public RequestRouter router(ApiTable table) {
        RequestRouter.Builder builder = new RequestRouter.Builder(table);
        addCluster(builder, table);
        addRecords(builder);
        addGroups(builder);
        addTransactions(builder);
        addTopics(builder);
        addConfigs(builder);
        return builder.build();
    }

    private void addCluster(RequestRouter.Builder to, ApiTable table) {
        int nodeId = policy.options.nodeId();
        MetadataImages images = control.images;
        Authoriser authoriser = policy.authoriser;
        to.route(ApiKey.API_VERSIONS, ApiVersionsRequest.class, new ApiVersionsHandler(table, nodeId, images));
        to.route(
                ApiKey.UPDATE_FEATURES,
                UpdateFeaturesRequest.class,
                new UpdateFeaturesHandler(control.controller, authoriser));
        to.route(
                ApiKey.METADATA,
                MetadataRequest.class,
                new MetadataHandler(images, control.creator, authoriser, policy.options));
        to.route(
                ApiKey.DESCRIBE_CLUSTER,
                DescribeClusterRequest.class,
                new DescribeClusterHandler(images, authoriser, nodeId));
        to.route(
                ApiKey.DESCRIBE_TOPIC_PARTITIONS,
                DescribeTopicPartitionsRequest.class,
                new DescribeTopicPartitionsHandler(images, authoriser, policy.options.maxRequestPartitions()));
        to.route(ApiKey.DESCRIBE_ACLS, DescribeAclsRequest.class, new DescribeAclsHandler(authoriser));
    }

    private void addRecords(RequestRouter.Builder to) {
        int nodeId = policy.options.nodeId();
        MetadataImages images = control.images;
        Authoriser authoriser = policy.authoriser;
        to.route(
                ApiKey.PRODUCE,
                ProduceRequest.class,
                new ProduceHandler(images, data.partitions, authoriser, control.transactions.verifier, nodeId));
        LegacyFetcher legacy = new LegacyFetcher(
                data.fetcher, data.conversion, new ConversionBudget(ConversionBudget.DEFAULT_TOTAL_BYTES));
        to.route(
                ApiKey.FETCH,
                FetchRequest.class,
                new FetchHandler(
                        images,
                        new FetchHandler.Readers(
                                data.fetcher, legacy, data.partitions.meters().topics()),
                        authoriser,
                        policy.settings,
                        policy.options));
        to.route(
                ApiKey.LIST_OFFSETS,
                ListOffsetsRequest.class,
                new ListOffsetsHandler(data.partitions, data.disk, authoriser));
        to.route(
                ApiKey.OFFSET_FOR_LEADER_EPOCH,
                OffsetForLeaderEpochRequest.class,
                new OffsetForLeaderEpochHandler(data.partitions, authoriser));
        to.route(
                ApiKey.DELETE_RECORDS,
                DeleteRecordsRequest.class,
                new DeleteRecordsHandler(data.partitions, images, policy.settings, authoriser));
        to.route(
                ApiKey.DESCRIBE_LOG_DIRS,
                DescribeLogDirsRequest.class,
                new DescribeLogDirsHandler(images, data.directories, data.disk, authoriser, nodeId));
    }

    private void addTransactions(RequestRouter.Builder to) {
        TransactionCoordinator coordinator = control.transactions.coordinator;
        MetadataImages images = control.images;
        Authoriser authoriser = policy.authoriser;
        to.route(
                ApiKey.INIT_PRODUCER_ID,
                InitProducerIdRequest.class,
                new InitProducerIdHandler(control.producerIds, coordinator, authoriser));
        to.route(
                ApiKey.ADD_PARTITIONS_TO_TXN,
                AddPartitionsToTxnRequest.class,
                new AddPartitionsToTxnHandler(coordinator, images, authoriser));
        to.route(
                ApiKey.ADD_OFFSETS_TO_TXN,
                AddOffsetsToTxnRequest.class,
                new TransactionHandler<>(
                        authoriser,
                        AddOffsetsToTxnRequest::transactionalId,
                        request -> Optional.of(request.groupId()),
                        coordinator::addOffsets));
        to.route(
                ApiKey.END_TXN,
                EndTxnRequest.class,
                new TransactionHandler<>(
                        authoriser, EndTxnRequest::transactionalId, request -> Optional.empty(), coordinator::endTxn));
        to.route(
                ApiKey.WRITE_TXN_MARKERS,
                WriteTxnMarkersRequest.class,
                new WriteTxnMarkersHandler(control.transactions.markers, authoriser));
        to.route(
                ApiKey.TXN_OFFSET_COMMIT,
                TxnOffsetCommitRequest.class,
                new TxnOffsetCommitHandler(control.groups, images, authoriser));
        to.route(
                ApiKey.DESCRIBE_PRODUCERS,
                DescribeProducersRequest.class,
                new DescribeProducersHandler(data.partitions, authoriser));
        to.route(
                ApiKey.LIST_TRANSACTIONS,
                ListTransactionsRequest.class,
                new ListTransactionsHandler(coordinator, authoriser));
        to.route(
                ApiKey.DESCRIBE_TRANSACTIONS,
                DescribeTransactionsRequest.class,
                new DescribeTransactionsHandler(coordinator, authoriser));
    }

    private void addGroups(RequestRouter.Builder to) {
        GroupCoordinator groups = control.groups;
        MetadataImages images = control.images;
        Authoriser authoriser = policy.authoriser;
        to.route(
                ApiKey.FIND_COORDINATOR,
                FindCoordinatorRequest.class,
                new FindCoordinatorHandler(
                        images, groups, control.transactions.coordinator, authoriser, policy.options));
        to.route(
                ApiKey.JOIN_GROUP,
                JoinGroupRequest.class,
                new MembershipHandler<>(authoriser, JoinGroupRequest::groupId, groups::joinGroup));
        to.route(
                ApiKey.SYNC_GROUP,
                SyncGroupRequest.class,
                new MembershipHandler<>(authoriser, SyncGroupRequest::groupId, groups::syncGroup));
        to.route(
                ApiKey.HEARTBEAT,
                HeartbeatRequest.class,
                new MembershipHandler<>(authoriser, HeartbeatRequest::groupId, groups::heartbeat));
        to.route(
                ApiKey.LEAVE_GROUP,
                LeaveGroupRequest.class,
                new MembershipHandler<>(authoriser, LeaveGroupRequest::groupId, groups::leaveGroup));
        ConsumerProtocol consumers = new ConsumerProtocol(images, policy.settings);
        to.route(
                ApiKey.CONSUMER_GROUP_HEARTBEAT,
                ConsumerGroupHeartbeatRequest.class,
                new ConsumerGroupHeartbeatHandler(groups, consumers, authoriser));
        to.route(
                ApiKey.CONSUMER_GROUP_DESCRIBE,
                ConsumerGroupDescribeRequest.class,
                new ConsumerGroupDescribeHandler(groups, consumers, authoriser));
        to.route(ApiKey.DESCRIBE_GROUPS, DescribeGroupsRequest.class, new DescribeGroupsHandler(groups, authoriser));
        to.route(ApiKey.LIST_GROUPS, ListGroupsRequest.class, new ListGroupsHandler(groups, authoriser));
        to.route(ApiKey.DELETE_GROUPS, DeleteGroupsRequest.class, new DeleteGroupsHandler(groups, authoriser));
        to.route(ApiKey.OFFSET_COMMIT, OffsetCommitRequest.class, new OffsetCommitHandler(groups, images, authoriser));
        to.route(ApiKey.OFFSET_FETCH, OffsetFetchRequest.class, new OffsetFetchHandler(groups, images, authoriser));
        to.route(ApiKey.OFFSET_DELETE, OffsetDeleteRequest.class, new OffsetDeleteHandler(groups, images, authoriser));
    }

    private void addTopics(RequestRouter.Builder to) {
        Controller controller = control.controller;
        Authoriser authoriser = policy.authoriser;
        to.route(ApiKey.CREATE_TOPICS, CreateTopicsRequest.class, new CreateTopicsHandler(controller, authoriser));
        to.route(
                ApiKey.DELETE_TOPICS,
                DeleteTopicsRequest.class,
                new DeleteTopicsHandler(controller, control.images, authoriser));
        to.route(
                ApiKey.CREATE_PARTITIONS,
                CreatePartitionsRequest.class,
                new CreatePartitionsHandler(controller, authoriser));
    }

    private void addConfigs(RequestRouter.Builder to) {
        Controller controller = control.controller;
        Authoriser authoriser = policy.authoriser;
        LogLevels logLevels = new LogLevels(policy.settings.value("node.id").orElse(""));
        to.route(
                ApiKey.DESCRIBE_CONFIGS,
                DescribeConfigsRequest.class,
                new DescribeConfigsHandler(
                        control.images, new ConfigDescriber(policy.settings), logLevels, authoriser));
        to.route(ApiKey.ALTER_CONFIGS, AlterConfigsRequest.class, new AlterConfigsHandler(controller, authoriser));
        to.route(
                ApiKey.INCREMENTAL_ALTER_CONFIGS,
                IncrementalAlterConfigsRequest.class,
                new IncrementalAlterConfigsHandler(controller, logLevels, authoriser));
        to.route(
                ApiKey.LIST_CONFIG_RESOURCES,
                ListConfigResourcesRequest.class,
                new ListConfigResourcesHandler(control.images, authoriser));
    }
}
