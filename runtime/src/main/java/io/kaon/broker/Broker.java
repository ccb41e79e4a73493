// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.broker.seed.RecordsFile;
import io.kaon.broker.seed.SeedMark;
import io.kaon.broker.seed.TopicSeeder;
import io.kaon.network.InJvmCaller;
import io.kaon.record.RecordLimits;
import io.kaon.telemetry.LongWork;
import io.kaon.telemetry.Metrics;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * A running broker: the public way to embed Kaon. {@link #start} blocks until clients can connect, {@link #close} until the
 * logs are safe on disk; neither may be called on an event loop. All other methods are for any thread.
 */
public final class Broker implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Broker.class);
    private static final long CLOSE_SECONDS = 30;

    private final BrokerOptions options;
    private final BrokerParts parts;
    private final Vertx ownVertx;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private Broker(BrokerOptions options, BrokerParts parts, Vertx ownVertx) {
        this.options = options;
        this.parts = parts;
        this.ownVertx = ownVertx;
    }

    /**
     * Starts a broker with event loops of its own.
     *
     * @throws BrokerStartException with one sentence that names the key to change
     * @throws IllegalArgumentException when a setting is wrong, naming its key
     */
    public static Broker start(BrokerOptions options) {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        try {
            return start(options, vertx, vertx);
        } catch (RuntimeException failure) {
            vertx.close();
            throw failure;
        }
    }

    /** As {@link #start(BrokerOptions)}, on the event loops of somebody who keeps and closes them. */
    public static Broker start(BrokerOptions options, Vertx vertx) {
        return start(options, vertx, null);
    }

    private static Broker start(BrokerOptions options, Vertx vertx, Vertx ownVertx) {
        long startNs = System.nanoTime();
        BrokerParts parts = new BrokerAssembly(options, vertx).start();
        Broker broker = new Broker(options, parts, ownVertx);
        LOG.infof(
                "Kaon is ready: listeners %s, data directory %s, cluster id %s, node id %d, in %d ms",
                broker.listeners().stream().map(Endpoint::toString).collect(Collectors.joining(",")),
                parts.data().path(),
                parts.logs().clusterId(),
                options.nodeId(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
        return broker;
    }

    /** What the broker was started with. */
    public BrokerOptions options() {
        return options;
    }

    /** Where it listens, with the real ports. */
    public List<Endpoint> listeners() {
        return parts.listeners();
    }

    /** What clients put into {@code bootstrap.servers}: the advertised address of the first listener. */
    public String bootstrapServers() {
        return parts.advertised().get(0).address();
    }

    /** The port of the first listener. */
    public int port() {
        return listeners().get(0).port();
    }

    /** The id of the cluster, 22 characters, kept in the data directory. */
    public String clusterId() {
        return parts.logs().clusterId();
    }

    /**
     * A client in this JVM: requests and responses as objects, no socket and no codec.
     *
     * @param clientId what the broker calls it, as a header's client id
     */
    public InJvmCaller connect(String clientId) {
        return parts.connect(clientId);
    }

    /**
     * Puts the records of a file into a topic that never held one; the topic is made when it is not there and the
     * broker makes topics on demand. Blocks until they are written; not for event loops. What a seeding that was cut
     * short has written is deleted, and the file is written from its beginning.
     *
     * @return how many records were written: 0 when the topic has held one before
     * @throws IllegalArgumentException when a line is wrong: file, line, what is wrong and what is expected. Nothing was
     *     written then
     * @throws io.kaon.broker.seed.RecordsFileException when the file cannot be read or the topic does not take a record
     */
    public long seed(String topic, RecordsFile file) {
        return seeding(topic, file, TopicSeeder::seed);
    }

    /**
     * As {@link #seed}, but the records that the topic holds are deleted first. Offsets go on from where they are, so
     * that groups and followers go on too. A compacted topic keeps its records: those of the file come after them,
     * and the last of each key counts.
     */
    public long seedAnew(String topic, RecordsFile file) {
        return seeding(topic, file, TopicSeeder::seedAnew);
    }

    private long seeding(String topic, RecordsFile file, ToLongFunction<TopicSeeder> task) {
        InJvmCaller caller = connect("kaon-seed");
        try {
            SeedMark mark = SeedMark.of(parts.data().path(), topic);
            return task.applyAsLong(new TopicSeeder(caller, topic, file, mark, System::currentTimeMillis, longWork()));
        } finally {
            caller.close();
        }
    }

    /**
     * Makes the topics that are not there; the others are left as they are. Blocks; not for event loops.
     *
     * @throws BrokerStartException that names the topic which cannot be made, and says why
     */
    public void createTopics(Map<String, TopicSpec> topics) {
        new ConfiguredTopics(parts.controller()).create(topics);
    }

    /**
     * What the broker tells about itself now: {@link io.kaon.telemetry.MetricCatalogue} has the names. Any thread; cheap
     * enough for each second.
     */
    public List<Metrics.Sample> metrics() {
        return parts.logs().metrics().samples();
    }

    /**
     * How the broker is now. Any thread, but not an event loop: it asks the file system whether the data directory can
     * be used. Nothing goes over the network.
     */
    public BrokerHealth health() {
        return isClosed() ? BrokerHealth.CLOSED : parts.clients().health().now();
    }

    /**
     * As {@link #metrics()}, with another bound for partitions, and offsets of groups, that have values of their own.
     *
     * @param maxPartitions what lies above counts in the sums only
     */
    public List<Metrics.Sample> metrics(int maxPartitions) {
        return parts.logs().metrics().samples(maxPartitions);
    }

    /** What takes long here, and how far it is. */
    public LongWork longWork() {
        return parts.longWork();
    }

    /** How record batches of this broker are read: with its codecs, within its bounds. Good until it is closed. */
    public RecordLimits recordLimits() {
        return RecordLimits.of(parts.storage().codecs());
    }

    /** Threads for administration, which may block or compute for a while there: reading pages of records, searching. */
    public Executor adminThreads() {
        return parts.threads().admin();
    }

    /** What tests may do to this broker, such as having requests fail. */
    public TestSeam testSeam() {
        return parts.clients().testSeam();
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return isClosed.get();
    }

    /** Listeners close, logs sync, the clean-shutdown marker is written. Bounded in time; idempotent. */
    @Override
    public void close() {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        parts.close(CLOSE_SECONDS);
        if (ownVertx != null) {
            Waiting.quietly("the event loops", ownVertx.close().toCompletionStage(), CLOSE_SECONDS);
        }
        LOG.debugf("Kaon has stopped: data directory %s", parts.data().path());
    }
}
