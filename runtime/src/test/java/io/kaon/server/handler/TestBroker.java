// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.controller.Controller;
import io.kaon.controller.ControllerOptions;
import io.kaon.coordination.file.FileJournal;
import io.kaon.coordination.file.SoleElection;
import io.kaon.coordinator.PartitionShardLog;
import io.kaon.coordinator.ShardClock;
import io.kaon.coordinator.ShardLog;
import io.kaon.coordinator.ShardOptions;
import io.kaon.coordinator.group.GroupCoordinator;
import io.kaon.coordinator.group.GroupOptions;
import io.kaon.coordinator.group.GroupPorts;
import io.kaon.coordinator.group.OffsetsTopic;
import io.kaon.coordinator.group.consumer.ConsumerGroupPorts;
import io.kaon.coordinator.transaction.TransactionCoordinator;
import io.kaon.coordinator.transaction.TransactionOptions;
import io.kaon.coordinator.transaction.TransactionPorts;
import io.kaon.coordinator.transaction.TransactionsTopic;
import io.kaon.exec.DiskThreads;
import io.kaon.exec.SerialExecutor;
import io.kaon.metadata.BrokerImage;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ListenerImage;
import io.kaon.metadata.MetadataImages;
import io.kaon.metadata.SecurityProtocol;
import io.kaon.metadata.config.BrokerSettings;
import io.kaon.record.RecordLimits;
import io.kaon.record.codec.StandardCodecs;
import io.kaon.replication.Fetcher;
import io.kaon.replication.PartitionLookup;
import io.kaon.replication.PartitionRegistry;
import io.kaon.replication.TopicLogOptions;
import io.kaon.server.ApiTable;
import io.kaon.server.Authoriser;
import io.kaon.server.ClientConnection;
import io.kaon.server.Contexts;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.RequestRouter;
import io.kaon.server.ServerOptions;
import io.kaon.sim.VirtualTime;
import io.kaon.storage.LogDirectory;
import io.kaon.storage.LogDirectoryOptions;
import io.kaon.storage.StoragePorts;
import io.kaon.storage.checkpoint.Disk;
import io.kaon.storage.compaction.CompactorOptions;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.BufferWriter;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.CreateTopicsRequest;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * A broker without network: all real layers below the router, on virtual time. Everything runs on the test's thread,
 * but what the handlers do on disk threads.
 */
final class TestBroker implements AutoCloseable {
    static final int NODE_ID = 5;
    static final String CLUSTER = "test-cluster";
    static final long START_MS = 1_700_000_000_000L;
    private static final int ANSWER_SECONDS = 20;
    /** How often a log is looked for that is due to be compacted. */
    static final long COMPACTION_MS = 15_000;

    private static final long IDS_PER_LIFE = 1_000_000;
    private static final AtomicLong LIVES = new AtomicLong();

    final VirtualTime time = new VirtualTime(START_MS);
    final MetadataImages images = new MetadataImages();
    final ClientConnection connection = Contexts.connection();
    final PartitionRegistry partitions;
    final RequestRouter router;
    final TransactionCoordinator transactions;
    /** Whether partitions are verified before the first write of a transaction. */
    boolean verifies = true;
    /** Markers leave when this is complete. */
    CompletableFuture<Void> markerDelay = CompletableFuture.completedFuture(null);

    private final DiskThreads disk = new DiskThreads("test-disk", 1);
    private final LogDirectory logs;
    private final Controller controller;
    /** No id is given twice, also not in a later life over the same files. */
    private long nextId = 1 + IDS_PER_LIFE * LIVES.incrementAndGet();

    TestBroker(Path data) {
        this(data, Map.of(), Authoriser.ALLOW_ALL);
    }

    TestBroker(Path data, Map<String, String> settings, Authoriser authoriser) {
        this(data, settings, authoriser, Disk.system());
    }

    /** @param logDisk where the logs are, and not what else is in the data directory */
    TestBroker(Path data, Map<String, String> settings, Authoriser authoriser, Disk logDisk) {
        BrokerSettings broker = BrokerSettings.of(settings, Map.of("node.id", Integer.toString(NODE_ID)));
        logs = LogDirectory.open(
                LogDirectoryOptions.of(data, Optional.of(CLUSTER), NODE_ID),
                new StoragePorts(
                        logDisk, Runnable::run, time, time, RecordLimits.of(new StandardCodecs()), this::nextId));
        partitions =
                new PartitionRegistry(NODE_ID, images::current, logs, new TopicLogOptions(broker), Runnable::run, time);
        images.subscribe(partitions::onImage);
        controller = controller(data, broker);
        TopicCreator creator = new TopicCreator(controller, images);
        ProducerIds producerIds =
                new ProducerIds(new SerialExecutor("producer ids", Runnable::run), controller, NODE_ID);
        CompletableFuture<TransactionCoordinator> coordinator = new CompletableFuture<>();
        PartitionVerifier verifier =
                new PartitionVerifier(coordinator::join, time, new PartitionVerifier.Options(() -> verifies, 20, 100));
        GroupCoordinator groups = new GroupCoordinator(
                new CoordinatorTopic(OffsetsTopic.NAME, creator),
                GroupOptions.DEFAULTS.withInitialRebalanceDelayMs(0),
                ShardOptions.DEFAULTS,
                new ShardClock(time, time),
                new GroupPorts(
                        () -> new UUID(0, nextId++),
                        verifier,
                        ConsumerGroupPorts.of(broker, images::current, Runnable::run)));
        TransactionMarkers markers = new TransactionMarkers(partitions, groups, time);
        transactions = new TransactionCoordinator(
                new TransactionPorts(
                        new CoordinatorTopic(TransactionsTopic.NAME, creator),
                        (brokerId, request) -> markerDelay.thenCompose(now -> markers.write(request)),
                        images::current,
                        producerIds::next,
                        groups::partitionFor,
                        groups::ensureTopic,
                        Runnable::run),
                TransactionOptions.DEFAULTS,
                ShardOptions.DEFAULTS,
                new ShardClock(time, time));
        coordinator.complete(transactions);
        images.subscribe((image, change) -> lead(image, OffsetsTopic.NAME, groups::onLeader));
        images.subscribe((image, change) -> lead(image, TransactionsTopic.NAME, transactions::onLeader));
        lead(images.current(), OffsetsTopic.NAME, groups::onLeader);
        lead(images.current(), TransactionsTopic.NAME, transactions::onLeader);
        router = new Handlers(
                        new Handlers.Policy(ServerOptions.of(NODE_ID, broker), broker, authoriser),
                        new Handlers.ControlPlane(
                                images,
                                controller,
                                creator,
                                producerIds,
                                groups,
                                new Handlers.Transactions(transactions, verifier, markers)),
                        new Handlers.DataPlane(
                                partitions,
                                new Fetcher(partitions, disk, time),
                                new Handlers.Conversion(disk, RecordLimits.of(new StandardCodecs()), time),
                                disk,
                                new Directories(data)))
                .router(ApiTable.standard());
    }

    private Controller controller(Path data, BrokerSettings settings) {
        SerialExecutor owner = new SerialExecutor("controller", Runnable::run);
        Controller made = new Controller(
                new ControllerOptions(NODE_ID, CLUSTER, settings),
                owner,
                new FileJournal(data, owner, Runnable::run),
                images,
                new SoleElection(owner, () -> images.current().controllerEpoch()),
                this::nextId);
        join(made.start());
        join(made.registerBroker(new BrokerImage(
                NODE_ID,
                -1,
                List.of(new ListenerImage("PLAINTEXT", "not-for-us.example", 1, SecurityProtocol.PLAINTEXT)),
                Optional.of("rack-1"))));
        return made;
    }

    private Uuid nextId() {
        return new Uuid(77, nextId++);
    }

    private final Set<String> led = new HashSet<>();

    private void lead(ClusterImage image, String name, BiConsumer<Integer, Integer> onLeader) {
        image.topic(name).filter(topic -> led.add(name)).ifPresent(topic -> topic.partitions()
                .forEach(partition -> onLeader.accept(partition.index(), partition.leaderEpoch())));
    }

    /** Makes a topic with that many partitions. */
    void create(String topic, int partitions) {
        CreateTopicsRequest request = new CreateTopicsRequest();
        request.topics()
                .add(new CreateTopicsRequest.CreatableTopic()
                        .setName(topic)
                        .setNumPartitions(partitions)
                        .setReplicationFactor((short) 1));
        call(ApiKey.CREATE_TOPICS, 7, request);
    }

    /** From now on logs are compacted, when time moves on. */
    void compact() {
        logs.startCompaction(
                Runnable::run, new CompactorOptions(true, 1, 1 << 20, 0.9, 64 << 10, Double.MAX_VALUE, COMPACTION_MS));
    }

    /** What a starting broker does before it serves: puts away what the metadata does not know. */
    void removeStrays() {
        join(logs.removeStray((name, topicId) -> images.current()
                .topic(name.topic())
                .filter(topic -> topic.id().equals(topicId))
                .isPresent()));
    }

    Uuid idOf(String topic) {
        return images.current().topic(topic).orElseThrow().id();
    }

    /** Sends a request on the broker's one connection and waits for its answer. */
    <R extends ApiMessage> R call(ApiKey api, int version, ApiMessage request) {
        R response = answer(start(api, version, request));
        response.write(new BufferWriter(), (short) version); // throws when the version cannot express the answer
        return response;
    }

    /** Sends a request and does not wait. */
    CompletionStage<Reply> start(ApiKey api, int version, ApiMessage request) {
        RequestContext context = Contexts.on(connection, api, version);
        return router.handle(context, request);
    }

    /** Sends a request that does not wait for more to fetch. */
    CompletionStage<Reply> startHurried(ApiKey api, int version, ApiMessage request) {
        CompletionStage<?> hurry = CompletableFuture.completedFuture(null);
        return router.handle(RequestContext.of(api, (short) version, "test-client", connection, hurry), request);
    }

    static Reply reply(CompletionStage<Reply> reply) {
        return join(reply);
    }

    @SuppressWarnings("unchecked") // the caller knows which response its request gets
    static <R extends ApiMessage> R answer(CompletionStage<Reply> reply) {
        return (R) ((Reply.Answer) join(reply)).message();
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void close() {
        join(controller.close());
        disk.close();
        join(logs.close());
    }

    private record Directories(Path data) implements LogDirectories {
        @Override
        public String path() {
            return data.toString();
        }

        @Override
        public long totalBytes() {
            return 1000;
        }

        @Override
        public long usableBytes() {
            return 400;
        }

        @Override
        public long sizeInBytes(TopicPartition partition) {
            return 17;
        }
    }

    private final class CoordinatorTopic implements OffsetsTopic, TransactionsTopic {
        private final String topic;
        private final TopicCreator creator;

        CoordinatorTopic(String topic, TopicCreator creator) {
            this.topic = topic;
            this.creator = creator;
        }

        @Override
        public boolean exists() {
            return images.current().topic(topic).isPresent();
        }

        @Override
        public int partitionCount() {
            OptionalInt count = images.current()
                    .topic(topic)
                    .map(found -> OptionalInt.of(found.partitions().size()))
                    .orElse(OptionalInt.empty());
            return count.orElse(50);
        }

        @Override
        public CompletionStage<Void> create() {
            return creator.ensureInternal(topic).thenAccept(error -> {});
        }

        @Override
        public CompletionStage<ShardLog> open(int partition) {
            return partitions.open(new TopicPartition(topic, partition)).thenCompose(lookup -> {
                if (lookup instanceof PartitionLookup.Found found) {
                    return CompletableFuture.completedStage(
                            new PartitionShardLog(found.partition(), disk, new StandardCodecs()));
                }
                return CompletableFuture.failedStage(new IllegalStateException(lookup.toString()));
            });
        }
    }
}
