// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.controller.Controller;
import io.kaon.controller.ControllerOptions;
import io.kaon.coordination.Journal;
import io.kaon.coordination.file.FileJournal;
import io.kaon.coordination.file.SoleElection;
import io.kaon.exec.SerialExecutor;
import io.kaon.metadata.BrokerImage;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ListenerImage;
import io.kaon.metadata.MetadataImages;
import io.kaon.metadata.SecurityProtocol;
import io.kaon.metadata.TopicImage;
import io.kaon.network.BoundListener;
import io.kaon.network.ListenerOptions;
import io.kaon.network.NetworkServer;
import io.kaon.network.RequestPort;
import io.kaon.record.RecordLimits;
import io.kaon.record.codec.StandardCodecs;
import io.kaon.replication.ClosedRetention;
import io.kaon.replication.Fetcher;
import io.kaon.replication.PartitionRegistry;
import io.kaon.replication.StartRecovery;
import io.kaon.server.ApiTable;
import io.kaon.server.Authoriser;
import io.kaon.server.FetchSessionSlots;
import io.kaon.server.Listener;
import io.kaon.server.RequestRouter;
import io.kaon.server.handler.Handlers;
import io.kaon.server.handler.ProducerIds;
import io.kaon.server.handler.TopicCreator;
import io.kaon.storage.Compactor;
import io.kaon.storage.LogDirectory;
import io.kaon.storage.LogDirectoryException;
import io.kaon.storage.LogDirectoryOptions;
import io.kaon.storage.StoragePorts;
import io.kaon.storage.checkpoint.Disk;
import io.kaon.storage.compaction.CompactorOptions;
import io.kaon.telemetry.LongWork;
import io.kaon.telemetry.MetricSource;
import io.kaon.telemetry.ProcessMeters;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** The composition root: makes every part, in the order in which they need each other. Used once. */
final class BrokerAssembly {
    private static final Logger LOG = Logger.getLogger(BrokerAssembly.class);
    private static final long START_SECONDS = 60;

    private final BrokerOptions options;
    private final Vertx vertx;
    private final Supplier<Uuid> ids = () -> Uuid.of(UUID.randomUUID());
    private final StandardCodecs codecs = new StandardCodecs();

    BrokerAssembly(BrokerOptions options, Vertx vertx) {
        this.options = options;
        this.vertx = vertx;
    }

    /** Starts everything; what was started already is ended again when something fails. */
    BrokerParts start() {
        DataFolder data = dataFolder();
        List<Runnable> undo = new ArrayList<>();
        undo.add(data::release);
        try {
            return start(data, undo);
        } catch (RuntimeException failure) {
            for (int index = undo.size() - 1; index >= 0; index--) {
                undo.get(index).run();
            }
            throw failure;
        }
    }

    private BrokerParts start(DataFolder data, List<Runnable> undo) {
        Settings settings = Settings.of(options, data.path());
        Threads threads = Threads.start();
        undo.add(threads::close);
        LogDirectory logs = openLogs(data, settings, threads);
        undo.add(() -> Waiting.quietly("the data directory", logs.close(), START_SECONDS));

        MetadataImages images = new MetadataImages();
        PartitionRegistry partitions = new PartitionRegistry(
                options.nodeId(), images::current, logs, settings.logs(), threads.workers(), threads.timer());
        Controller controller = controller(data, settings, threads, logs, images);
        TopicCreator creator = new TopicCreator(controller, images);
        ProducerIds producerIds =
                new ProducerIds(new SerialExecutor("producer ids", threads.workers()), controller, options.nodeId());
        Coordinators coordinators = new Coordinators(new Coordinators.Ground(
                options.nodeId(),
                settings,
                threads,
                new CoordinatorTopicInCluster.Cluster(images, creator, partitions, threads.disk(), codecs),
                producerIds));
        undo.add(() -> Waiting.quietly("the metadata journal", controller.close(), START_SECONDS));
        Waiting.on("the metadata journal", controller.start(), START_SECONDS);

        RequestRouter router = router(
                settings,
                new Handlers.ControlPlane(
                        images, controller, creator, producerIds, coordinators.groups(), coordinators.transactions()),
                new Handlers.DataPlane(
                        partitions,
                        new Fetcher(partitions, threads.coldReads(), threads.timer()),
                        new Handlers.Conversion(threads.conversion(), RecordLimits.of(codecs), threads.clock()),
                        threads.disk(),
                        new DataDirectories(logs)));
        FetchSessionSlots sessions =
                new FetchSessionSlots(settings.broker().maxFetchSessions(), new Random().nextInt());
        NetworkServer network = new NetworkServer(vertx, settings.network(), threads.clock());
        List<Endpoint> bound = bind(network);
        undo.add(() -> Waiting.quietly("the listeners", network.close(), START_SECONDS));
        List<Endpoint> advertised = bound.stream().map(this::advertisedOf).toList();
        long brokerEpoch = Waiting.on(
                "the registration of this broker",
                controller.registerBroker(registration(advertised, settings), logs.cleanShutdownEpoch()),
                START_SECONDS);
        // Registering may have begun new leader epochs; nothing may be opened under the old ones.
        images.subscribe(partitions);
        coordinators.follow(images);
        new ConfiguredTopics(controller).create(options.topics());
        RequestPort port = RequestPort.of(router);
        PartitionReadings readings = new PartitionReadings(partitions, logs);
        List.<MetricSource>of(
                        router.meters(),
                        network.meters(),
                        new ProcessMeters(),
                        new ClusterMeters(options.nodeId(), images, settings.broker(), readings),
                        new GroupMeters(coordinators.groups(), readings),
                        new ThreadMeters(threads))
                .forEach(logs.metrics()::source);
        network.serve(port, sessions, listenersByName(advertised));
        LongWork longWork = new LongWork(threads.clock());
        Upkeep upkeep = upkeep(settings, threads, partitions, images, new Upkept(logs, longWork));
        upkeep.start();
        startCompaction(settings, threads, logs, images);
        removeStrays(logs, images);
        return new BrokerParts(
                data,
                threads,
                new BrokerParts.Storage(logs, upkeep, codecs, longWork),
                controller,
                brokerEpoch,
                coordinators,
                network,
                new BrokerParts.Clients(
                        vertx,
                        port,
                        sessions,
                        bound,
                        advertised,
                        new TestSeam(router, network, images),
                        new HealthLook(options.nodeId(), network, controller, images, logs)));
    }

    private DataFolder dataFolder() {
        try {
            return DataFolder.of(options.data());
        } catch (IOException failure) {
            throw new BrokerStartException(
                    "A temporary data directory cannot be made (" + failure.getMessage()
                            + "): set a directory in quarkus.kaon.broker.data-dir",
                    failure);
        }
    }

    private LogDirectory openLogs(DataFolder data, Settings settings, Threads threads) {
        LogDirectoryOptions directory = LogDirectoryOptions.of(data.path(), Optional.empty(), options.nodeId())
                .withRetentionCheckIntervalMs(settings.broker().logRetentionCheckIntervalMs())
                .withMinFreeBytes(settings.broker().minFreeBytes());
        StoragePorts ports = new StoragePorts(
                Disk.system(), threads.disk(), threads.timer(), threads.clock(), RecordLimits.of(codecs), ids);
        try {
            return LogDirectory.open(directory, ports);
        } catch (LogDirectoryException failure) {
            throw new BrokerStartException(
                    failure.getMessage() + " (quarkus.kaon.broker.data-dir names another one)", failure);
        }
    }

    private Controller controller(
            DataFolder data, Settings settings, Threads threads, LogDirectory logs, MetadataImages images) {
        SerialExecutor owner = new SerialExecutor("controller", threads.workers());
        Journal journal = new FileJournal(data.path(), owner, threads.disk());
        SoleElection election = new SoleElection(owner, () -> images.current().controllerEpoch());
        return new Controller(
                new ControllerOptions(options.nodeId(), logs.clusterId(), settings.broker()),
                owner,
                journal,
                images,
                election,
                ids);
    }

    private static RequestRouter router(Settings settings, Handlers.ControlPlane control, Handlers.DataPlane data) {
        Handlers.Policy policy = new Handlers.Policy(settings.server(), settings.broker(), Authoriser.ALLOW_ALL);
        ApiTable apis = ApiTable.standard();
        return new Handlers(policy, control, data)
                .router(settings.broker().isLegacyProtocol() ? apis : apis.withoutLegacyProtocol());
    }

    private static void startCompaction(Settings settings, Threads threads, LogDirectory logs, MetadataImages images) {
        CompactorOptions options = CompactionSettings.of(images.current(), settings.broker());
        Compactor compactor = logs.startCompaction(threads.compaction(), options);
        images.subscribe(new CompactionSettings(settings.broker(), compactor, options));
    }

    /** What is looked after, and where is told how far that is. */
    private record Upkept(LogDirectory logs, LongWork longWork) {}

    private static Upkeep upkeep(
            Settings settings, Threads threads, PartitionRegistry partitions, MetadataImages images, Upkept upkept) {
        return new Upkeep(
                new StartRecovery(
                        partitions,
                        upkept.logs(),
                        threads.timer(),
                        () -> Threads.recoveryThreads(images.current(), settings.broker()),
                        upkept.longWork()),
                new ClosedRetention(
                        partitions,
                        upkept.logs(),
                        threads.timer(),
                        settings.broker().logRetentionCheckIntervalMs()));
    }

    /** Folders of topics that were deleted while this broker could not hear of it. Topics come and go meanwhile. */
    private static void removeStrays(LogDirectory logs, MetadataImages images) {
        logs.removeStray((name, topicId) -> belongs(images.current(), name, topicId))
                .whenComplete((count, failure) -> {
                    if (failure != null) {
                        LOG.warnf(
                                failure, "Folders of deleted topics may stay in %s until the next start", logs.path());
                    }
                });
    }

    private static boolean belongs(ClusterImage image, TopicPartition name, Uuid topicId) {
        Optional<TopicImage> topic = image.topic(name.topic());
        return topic.isPresent()
                && topic.get().id().equals(topicId)
                && name.partition() < topic.get().partitions().size();
    }

    private List<Endpoint> bind(NetworkServer network) {
        List<ListenerOptions> listeners = options.listeners().stream()
                .map(listener -> new ListenerOptions(listener.name(), listener.host(), listener.port()))
                .toList();
        List<BoundListener> bound = Waiting.on("the listeners", network.bind(listeners), START_SECONDS);
        return bound.stream()
                .map(listener -> new Endpoint(listener.name(), listener.host(), listener.port()))
                .toList();
    }

    /** What clients of a bound listener are told; port 0 in the option means the real port. */
    private Endpoint advertisedOf(Endpoint bound) {
        Optional<Endpoint> asked = options.advertisedListeners().stream()
                .filter(endpoint -> endpoint.name().equals(bound.name()))
                .findFirst();
        String host = asked.map(Endpoint::host).orElse(bound.host());
        int port = asked.map(Endpoint::port).filter(wanted -> wanted != 0).orElse(bound.port());
        return new Endpoint(bound.name(), isEverywhere(host) ? "localhost" : host, port);
    }

    private static boolean isEverywhere(String host) {
        return host.isEmpty() || host.equals("0.0.0.0") || host.equals("::");
    }

    private BrokerImage registration(List<Endpoint> advertised, Settings settings) {
        List<ListenerImage> listeners = advertised.stream()
                .map(endpoint -> new ListenerImage(
                        endpoint.name(), endpoint.host(), endpoint.port(), SecurityProtocol.PLAINTEXT))
                .toList();
        return new BrokerImage(
                options.nodeId(), -1, listeners, settings.broker().rack());
    }

    private static Map<String, Listener> listenersByName(List<Endpoint> advertised) {
        Map<String, Listener> byName = new HashMap<>();
        for (Endpoint endpoint : advertised) {
            byName.put(endpoint.name(), new Listener(endpoint.name(), endpoint.host(), endpoint.port()));
        }
        return byName;
    }
}
