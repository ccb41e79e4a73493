// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.coordinator.ShardClock;
import io.kaon.coordinator.group.GroupCoordinator;
import io.kaon.coordinator.group.GroupPorts;
import io.kaon.coordinator.group.OffsetsTopic;
import io.kaon.coordinator.transaction.MarkerSender;
import io.kaon.coordinator.transaction.TransactionCoordinator;
import io.kaon.coordinator.transaction.TransactionPorts;
import io.kaon.coordinator.transaction.TransactionsTopic;
import io.kaon.metadata.ImageListener;
import io.kaon.metadata.MetadataImages;
import io.kaon.metadata.TopicImage;
import io.kaon.server.handler.Handlers;
import io.kaon.server.handler.PartitionVerifier;
import io.kaon.server.handler.ProducerIds;
import io.kaon.server.handler.TransactionMarkers;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * The coordinators of this broker, which need each other: offsets of a transaction are written only when the transaction
 * is open, and the end of a transaction is written to the offsets too.
 */
final class Coordinators {
    private final int nodeId;
    private final GroupCoordinator groups;
    private final Handlers.Transactions transactions;
    private final CoordinatorElections groupElections;
    private final CoordinatorElections transactionElections;

    /** What they stand on. */
    record Ground(
            int nodeId,
            Settings settings,
            Threads threads,
            CoordinatorTopicInCluster.Cluster cluster,
            ProducerIds producerIds) {}

    Coordinators(Ground on) {
        this.nodeId = on.nodeId;
        ShardClock time = new ShardClock(on.threads.clock(), on.threads.timer());
        CompletableFuture<TransactionCoordinator> coordinator = new CompletableFuture<>();
        PartitionVerifier verifier = new PartitionVerifier(
                coordinator::join, on.threads.timer(), on.settings.verification(on.cluster.images()::current));
        this.groups = new GroupCoordinator(
                new CoordinatorTopicInCluster(
                        OffsetsTopic.NAME,
                        on.settings.broker().offsetsTopicPartitions(),
                        on.cluster,
                        on.settings.offsetsCompression()),
                on.settings.groups(),
                on.settings.groupShards(),
                time,
                new GroupPorts(
                        UUID::randomUUID,
                        verifier,
                        on.settings.consumerGroups(on.cluster.images()::current, on.threads.computation())));
        TransactionMarkers markers = new TransactionMarkers(on.cluster.partitions(), groups, on.threads.clock());
        coordinator.complete(new TransactionCoordinator(
                new TransactionPorts(
                        new CoordinatorTopicInCluster(
                                TransactionsTopic.NAME, on.settings.broker().transactionTopicPartitions(), on.cluster),
                        sender(markers),
                        on.cluster.images()::current,
                        on.producerIds::next,
                        groups::partitionFor,
                        groups::ensureTopic,
                        on.threads.workers()),
                on.settings.transactions(),
                on.settings.transactionShards(),
                time));
        this.transactions = new Handlers.Transactions(coordinator.join(), verifier, markers);
        this.groupElections = new CoordinatorElections(nodeId, OffsetsTopic.NAME, new Groups());
        this.transactionElections = new CoordinatorElections(nodeId, TransactionsTopic.NAME, new Transactions());
    }

    /** One broker leads everything; who leads elsewhere cannot be reached yet. */
    private MarkerSender sender(TransactionMarkers markers) {
        return (brokerId, request) -> brokerId == nodeId
                ? markers.write(request)
                : CompletableFuture.failedStage(new IllegalStateException("broker " + brokerId + " is not known here"));
    }

    GroupCoordinator groups() {
        return groups;
    }

    Handlers.Transactions transactions() {
        return transactions;
    }

    /** Follows the metadata from now on, beginning with what it says now. */
    void follow(MetadataImages images) {
        images.subscribe(groupElections);
        images.subscribe(transactionElections);
        images.subscribe(removedTopics());
        images.subscribe(groups::onMetadata);
        groupElections.elect(images.current());
        transactionElections.elect(images.current());
    }

    private ImageListener removedTopics() {
        return (image, change) -> {
            if (!change.removed().isEmpty()) {
                groups.onTopicsDeleted(
                        change.removed().stream().collect(Collectors.toMap(TopicImage::id, TopicImage::name)));
            }
        };
    }

    /** Whoever waits for one of them hears that it is elsewhere. */
    void close() {
        transactions.coordinator().close();
        groups.close();
    }

    private final class Groups implements CoordinatorElections.Shards {
        @Override
        public void onLeader(int partition, int leaderEpoch) {
            groups.onLeader(partition, leaderEpoch);
        }

        @Override
        public void onResigned(int partition) {
            groups.onResigned(partition);
        }
    }

    private final class Transactions implements CoordinatorElections.Shards {
        @Override
        public void onLeader(int partition, int leaderEpoch) {
            transactions.coordinator().onLeader(partition, leaderEpoch);
        }

        @Override
        public void onResigned(int partition) {
            transactions.coordinator().onResigned(partition);
        }
    }
}
