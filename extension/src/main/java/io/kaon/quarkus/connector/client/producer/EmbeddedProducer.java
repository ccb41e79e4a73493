// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import io.kaon.quarkus.connector.client.BrokerCalls;
import io.kaon.quarkus.connector.client.ClientSettings;
import io.kaon.quarkus.connector.client.Deadline;
import io.kaon.quarkus.connector.client.TopicDirectory;
import io.kaon.quarkus.connector.client.TopicSettings;
import io.kaon.quarkus.connector.client.producer.KnownTopics.KnownTopic;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.serialization.Serializer;
import org.jboss.logging.Logger;

/**
 * Kafka's producer over the broker in this application, without a socket.
 *
 * <p>{@link #send} may be called by any thread and keeps Kafka's rules: it serializes and chooses the partition there,
 * waits for metadata and memory at most {@code max.block.ms}, and hands the record to the producer's own thread, which
 * alone touches the queues and runs all callbacks. {@link #sendAsync} never waits. A record waits for nothing but the
 * answer to the batch before it, so batches grow with the load. With a {@code transactional.id} all records are part of
 * transactions, see {@link ProducerTransaction}.
 */
public final class EmbeddedProducer<K, V> implements Producer<K, V> {
    private static final Logger LOG = Logger.getLogger(EmbeddedProducer.class);
    private static final int DEFAULT_MAX_REQUEST_BYTES = 1 << 20;
    private static final long DEFAULT_MAX_BLOCK_MS = 60_000;
    private static final int DEFAULT_TRANSACTION_TIMEOUT_MS = 60_000;
    private static final long DEFAULT_METADATA_MAX_AGE_MS = 300_000;

    private final String clientId;
    private final BrokerCalls calls;
    private final TopicDirectory directory;
    private final RecordPreparer<K, V> preparer;
    private final long maxBlockMs;
    private final long flushTimeoutMs;
    private final BufferMemory memory;
    private final ExecutorService owner;
    private final Inbox inbox;
    private final BatchSender sender;
    private final AsyncSends<K, V> asyncSends;
    private final Optional<ProducerTransaction> transaction;
    private final KnownTopics topics;
    private final ProducerMeter meter = new ProducerMeter();
    private final Map<MetricName, Metric> metrics;
    private final AtomicBoolean isOpen = new AtomicBoolean(true);
    private volatile Thread ownThread;

    public EmbeddedProducer(
            BrokerCalls calls, ClientSettings settings, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        this(
                calls,
                settings,
                new ProducerPlugins<>(keySerializer, valueSerializer, ProducerInterceptors.of(settings, List.of())));
    }

    public EmbeddedProducer(BrokerCalls calls, ClientSettings settings, ProducerPlugins<K, V> plugins) {
        this.calls = calls;
        this.directory = new TopicDirectory(calls, TopicSettings.ofProducer());
        this.clientId = settings.text(ProducerConfig.CLIENT_ID_CONFIG, "kaon-producer");
        this.maxBlockMs = settings.number(ProducerConfig.MAX_BLOCK_MS_CONFIG, DEFAULT_MAX_BLOCK_MS);
        this.memory = new BufferMemory(settings);
        this.owner = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "kaon-producer-" + clientId);
            thread.setDaemon(true);
            ownThread = thread;
            return thread;
        });
        this.inbox = new Inbox(owner);
        this.topics = new KnownTopics(
                directory,
                settings.number(ProducerConfig.METADATA_MAX_AGE_CONFIG, DEFAULT_METADATA_MAX_AGE_MS),
                maxBlockMs);
        this.transaction = settings.text(ProducerConfig.TRANSACTIONAL_ID_CONFIG)
                .map(id -> new ProducerTransaction(id, new TransactionCalls(calls, transactionTimeoutMs(settings))));
        int maxRequestBytes = settings.integer(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, DEFAULT_MAX_REQUEST_BYTES);
        DeliveryLimits limits = DeliveryLimits.of(settings, maxRequestBytes);
        this.flushTimeoutMs = Math.min(Integer.MAX_VALUE, maxBlockMs)
                + Math.min(Integer.MAX_VALUE, limits.delivery().timeoutMs());
        this.sender = new BatchSender(
                new BatchSender.Surroundings(calls, owner, this::onDone, topics::forget),
                limits,
                compression(settings),
                transaction,
                meter);
        this.preparer = new RecordPreparer<>(
                plugins, new PartitionChooser(settings, sender::isBatching), maxRequestBytes, memory.totalBytes());
        this.asyncSends = new AsyncSends<>(preparer, topics, memory, sender, inbox, owner, transaction);
        this.metrics = meter.metrics(
                clientId,
                () -> isOpen.get() ? 1 : 0,
                new ProducerMeter.Buffer(memory::totalBytes, memory::availableBytes));
    }

    private static int transactionTimeoutMs(ClientSettings settings) {
        return settings.integer(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, DEFAULT_TRANSACTION_TIMEOUT_MS);
    }

    private static Compression compression(ClientSettings settings) {
        String name = settings.text(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        return CompressionType.ofName(name)
                .map(Compression::of)
                .orElseThrow(() -> new ConfigException(
                        ProducerConfig.COMPRESSION_TYPE_CONFIG, name, "must be none, gzip, snappy, lz4 or zstd"));
    }

    private void onDone(int bytes) {
        memory.release(bytes);
        inbox.resume();
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<K, V> record) {
        return send(record, null);
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<K, V> given, Callback callback) {
        throwIfClosed();
        transaction.ifPresent(ProducerTransaction::onSend);
        ProducerRecord<K, V> record = preparer.intercept(given);
        CallbackOutcome result = new CallbackOutcome(callback);
        SendOutcome outcome = preparer.intercepted(record, result);
        try {
            Deadline deadline = Deadline.inMs(maxBlockMs);
            KnownTopic topic = topic(record.topic(), deadline);
            PendingRecord pending = preparer.serialize(record, outcome);
            TopicPartition target = preparer.partition(record, pending, topic);
            memory.take(pending.sizeInBytes(), deadline);
            inbox.add(new Prepared(target, pending));
        } catch (KafkaException failure) {
            // Who commits without a look at the result must not commit without the record.
            transaction.ifPresent(own -> own.onSendFailure(failure));
            outcome.onFailed(failure);
        }
        return result.future();
    }

    /** Sends without waiting for anything; what cannot be sent is told to the outcome only. */
    public void sendAsync(ProducerRecord<K, V> record, SendOutcome outcome) {
        if (isOpen.get()) {
            asyncSends.send(record, outcome);
        } else {
            outcome.onFailed(closed());
        }
    }

    /** The thread on which records are sent and outcomes are told. It refuses tasks once the producer is closed. */
    public Executor owner() {
        return owner;
    }

    public boolean isOpen() {
        return isOpen.get();
    }

    /** Whether the topic is there; it is not made by asking. */
    public boolean hasTopic(String topic, Deadline deadline) {
        return BrokerCalls.await(directory.lookUpExisting(List.of(topic)), deadline, "Metadata of topic " + topic)
                        .partitionCount(topic)
                > 0;
    }

    private void throwIfClosed() {
        if (!isOpen.get()) {
            throw closed();
        }
    }

    private IllegalStateException closed() {
        return new IllegalStateException("The producer " + clientId + " is closed");
    }

    /** A record whose memory is taken. */
    private final class Prepared implements Inbox.Parcel {
        private final TopicPartition target;
        private final PendingRecord record;

        Prepared(TopicPartition target, PendingRecord record) {
            this.target = target;
            this.record = record;
        }

        @Override
        public boolean enter() {
            sender.accept(target, record);
            return true;
        }

        @Override
        public void refuse(RuntimeException reason) {
            memory.release(record.sizeInBytes());
            record.fail(reason);
        }
    }

    private KnownTopic topic(String name, Deadline deadline) {
        Optional<KnownTopic> known = topics.get(name);
        return known.isPresent()
                ? known.get()
                : BrokerCalls.await(topics.search(name), deadline, "Metadata of topic " + name);
    }

    private TopicDirectory.Topics lookUp(String topic, Deadline deadline) {
        return BrokerCalls.await(directory.lookUp(List.of(topic)), deadline, "Metadata of topic " + topic);
    }

    /** Waits for what was sent before, as long as {@code delivery.timeout.ms} lets it be tried. */
    @Override
    public void flush() {
        if (isOwnThread()) {
            throw new KafkaException("flush() in a callback would wait for itself");
        }
        BrokerCalls.await(flushed(), Deadline.inMs(flushTimeoutMs), "flush");
    }

    private CompletableFuture<Void> flushed() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        inbox.add(new Inbox.Parcel() {
            @Override
            public boolean enter() {
                sender.whenSent(() -> done.complete(null));
                return true;
            }

            @Override
            public void refuse(RuntimeException reason) {
                done.complete(null); // Nothing is left to wait for.
            }
        });
        return done;
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        Deadline deadline = Deadline.inMs(maxBlockMs);
        topic(topic, deadline);
        return lookUp(topic, deadline).partitionsOf(topic);
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return metrics;
    }

    @Override
    public void close() {
        close(Duration.ofMillis(maxBlockMs));
    }

    /** Sends what waits, as far as the time allows; what is left then fails. A transaction that is open is aborted. */
    @Override
    public void close(Duration timeout) {
        if (!isOpen.compareAndSet(true, false)) {
            return;
        }
        Deadline deadline = Deadline.in(timeout);
        RuntimeException reason = new KafkaException("The producer was closed before the record was sent");
        try {
            if (!isOwnThread()) { // A callback that closes its producer cannot wait for other callbacks.
                maybeAbort(deadline);
                BrokerCalls.await(flushed(), deadline, "the last records of " + clientId);
            }
        } catch (TimeoutException | InterruptException e) {
            LOG.debugf(e, "The producer %s is closed with records that were not sent", clientId);
        } finally {
            owner.execute(() -> end(reason));
            owner.shutdown();
            calls.close();
            preparer.close();
        }
    }

    /** The last step of the producer's thread: nobody is left without an answer. */
    private void end(RuntimeException reason) {
        inbox.close(reason);
        asyncSends.refuseAll(reason);
        sender.close(reason);
    }

    private boolean isOwnThread() {
        return Thread.currentThread() == ownThread;
    }

    private void maybeAbort(Deadline deadline) {
        if (transaction.filter(ProducerTransaction::isOpen).isEmpty() || deadline.hasPassed()) {
            return;
        }
        try {
            abort(deadline);
        } catch (KafkaException e) {
            LOG.warnf("The open transaction of producer %s is left to its timeout: %s", clientId, e.getMessage());
        }
    }

    @Override
    public Uuid clientInstanceId(Duration timeout) {
        throw BrokerCalls.noTelemetry();
    }

    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
        throw BrokerCalls.noTelemetry();
    }

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
        throw BrokerCalls.noTelemetry();
    }

    @Override
    public void initTransactions() {
        transaction().initialize(Deadline.inMs(maxBlockMs));
    }

    @Override
    public void beginTransaction() {
        transaction().begin();
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata groupMetadata) {
        transaction().addOffsets(offsets, groupMetadata, Deadline.inMs(maxBlockMs));
    }

    /** Waits for what is under way first. Called again after a {@link TimeoutException}, it goes on waiting. */
    @Override
    public void commitTransaction() {
        ProducerTransaction own = transaction();
        Deadline deadline = Deadline.inMs(maxBlockMs);
        BrokerCalls.await(flushed(), deadline, "the last records of the transaction");
        own.commit(deadline);
    }

    /** Fails what waits, but waits for what is under way. */
    @Override
    public void abortTransaction() {
        transaction();
        abort(Deadline.inMs(maxBlockMs));
    }

    private void abort(Deadline deadline) {
        TransactionAbortedException reason = new TransactionAbortedException("The transaction is aborted");
        transaction().giveUp(reason);
        // Waited for: what comes after this method belongs to the next transaction and must not be refused with these.
        BrokerCalls.await(
                CompletableFuture.runAsync(() -> refuseAll(reason), owner), deadline, "the records that wait");
        BrokerCalls.await(flushed(), deadline, "the records that are under way");
        transaction().abort(deadline);
    }

    private void refuseAll(RuntimeException reason) {
        inbox.refuseAll(reason);
        asyncSends.refuseAll(reason);
        sender.failAll(reason);
    }

    private ProducerTransaction transaction() {
        return transaction.orElseThrow(() -> new IllegalStateException(
                "The producer " + clientId + " has no " + ProducerConfig.TRANSACTIONAL_ID_CONFIG));
    }
}
