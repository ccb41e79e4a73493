// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.BufferExhaustedException;
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
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;
import org.jboss.logging.Logger;

/**
 * Kafka's producer over the broker in this application, without a socket.
 *
 * <p>{@link #send} may be called by any thread: it serializes and chooses the partition there and hands the record to
 * the producer's own thread, which alone touches the queues and runs all callbacks. A record waits for nothing but the
 * answer to the batch before it, so batches grow with the load; {@code linger.ms} and {@code batch.size} have no
 * effect. With a {@code transactional.id} all records are part of transactions, see {@link ProducerTransaction};
 * without one there is no idempotence, because no answer can be lost on the way.
 */
final class EmbeddedProducer<K, V> implements Producer<K, V> {
    private static final Logger LOG = Logger.getLogger(EmbeddedProducer.class);
    private static final int DEFAULT_MAX_REQUEST_BYTES = 1 << 20;
    private static final int DEFAULT_BUFFER_BYTES = 32 << 20;
    private static final long DEFAULT_MAX_BLOCK_MS = 60_000;
    private static final int DEFAULT_REQUEST_TIMEOUT_MS = 30_000;
    private static final short ALL = -1;
    private static final int DEFAULT_TRANSACTION_TIMEOUT_MS = 60_000;
    private static final long DEFAULT_DELIVERY_TIMEOUT_MS = 120_000;
    private static final int RECORD_OVERHEAD_BYTES = 64;
    private static final long DEFAULT_METADATA_MAX_AGE_MS = 300_000;
    private static final long METADATA_RETRY_MS = 50;

    private final String clientId;
    private final BrokerCalls calls;
    private final TopicDirectory directory;
    private final Serializer<K> keySerializer;
    private final Serializer<V> valueSerializer;
    private final int maxRequestBytes;
    private final long maxBlockMs;
    private final boolean ignoreKeys;
    private final Semaphore memory;
    private final int memoryBytes;
    private final ExecutorService owner;
    private final BatchSender sender;
    private final Optional<ProducerTransaction> transaction;
    private final Map<String, KnownTopic> knownTopics = new ConcurrentHashMap<>();
    private final long metadataMaxAgeMs;
    private final Map<String, Integer> stickyPartitions = new ConcurrentHashMap<>();
    private volatile boolean isOpen = true;

    EmbeddedProducer(
            BrokerCalls calls, ClientSettings settings, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        this.calls = calls;
        this.directory = new TopicDirectory(calls);
        this.keySerializer = keySerializer;
        this.valueSerializer = valueSerializer;
        this.clientId = settings.text(ProducerConfig.CLIENT_ID_CONFIG, "kaon-producer");
        this.maxRequestBytes = settings.integer(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, DEFAULT_MAX_REQUEST_BYTES);
        this.maxBlockMs = settings.number(ProducerConfig.MAX_BLOCK_MS_CONFIG, DEFAULT_MAX_BLOCK_MS);
        this.metadataMaxAgeMs = settings.number(ProducerConfig.METADATA_MAX_AGE_CONFIG, DEFAULT_METADATA_MAX_AGE_MS);
        this.ignoreKeys = settings.flag(ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG, false);
        this.memoryBytes = (int)
                Math.min(settings.number(ProducerConfig.BUFFER_MEMORY_CONFIG, DEFAULT_BUFFER_BYTES), Integer.MAX_VALUE);
        this.memory = new Semaphore(memoryBytes);
        this.owner = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "kaon-producer-" + clientId);
            thread.setDaemon(true);
            return thread;
        });
        this.transaction = settings.text(ProducerConfig.TRANSACTIONAL_ID_CONFIG)
                .map(id -> new ProducerTransaction(id, new TransactionCalls(calls, transactionTimeoutMs(settings))));
        this.sender = new BatchSender(
                calls,
                owner,
                memory::release,
                this::forget,
                new BatchSender.Limits(
                        transaction.isPresent() ? ALL : acks(settings),
                        settings.integer(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, DEFAULT_REQUEST_TIMEOUT_MS),
                        maxRequestBytes,
                        settings.number(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DEFAULT_DELIVERY_TIMEOUT_MS)),
                compression(settings),
                transaction);
    }

    private static int transactionTimeoutMs(ClientSettings settings) {
        return settings.integer(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, DEFAULT_TRANSACTION_TIMEOUT_MS);
    }

    /** A caller in this process always waits for the answer, so acks=0 is served as acks=1. */
    private static short acks(ClientSettings settings) {
        String acks = settings.text(ProducerConfig.ACKS_CONFIG, "1");
        return switch (acks) {
            case "all", "-1" -> ALL;
            case "0", "1" -> 1;
            default -> throw new ConfigException(ProducerConfig.ACKS_CONFIG, acks, "must be all, -1, 0 or 1");
        };
    }

    private static Compression compression(ClientSettings settings) {
        String name = settings.text(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        return CompressionType.ofName(name)
                .map(Compression::of)
                .orElseThrow(() -> new ConfigException(
                        ProducerConfig.COMPRESSION_TYPE_CONFIG, name, "must be none, gzip, snappy, lz4 or zstd"));
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<K, V> record) {
        return send(record, null);
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<K, V> record, Callback callback) {
        if (!isOpen) {
            throw new IllegalStateException("The producer " + clientId + " is closed");
        }
        transaction.ifPresent(ProducerTransaction::onSend);
        CompletableFuture<RecordMetadata> result = new CompletableFuture<>();
        try {
            byte[] key = keySerializer.serialize(record.topic(), record.headers(), record.key());
            byte[] value = valueSerializer.serialize(record.topic(), record.headers(), record.value());
            PendingRecord pending = PendingRecord.of(record, key, value, result, callback);
            if (pending.sizeInBytes() > maxRequestBytes - RECORD_OVERHEAD_BYTES) {
                throw new RecordTooLargeException("A record of " + pending.sizeInBytes() + " bytes is larger than "
                        + ProducerConfig.MAX_REQUEST_SIZE_CONFIG + " allows, " + maxRequestBytes);
            }
            Deadline deadline = Deadline.inMs(maxBlockMs);
            TopicPartition target = new TopicPartition(record.topic(), partitionFor(record, key, deadline));
            takeMemory(pending.sizeInBytes(), deadline);
            owner.execute(() -> sender.accept(target, pending));
        } catch (KafkaException failure) {
            // Who commits without a look at the result must not commit without the record.
            transaction.ifPresent(own -> own.onSendFailure(failure));
            if (callback != null) {
                callback.onCompletion(null, failure);
            }
            result.completeExceptionally(failure);
        }
        return result;
    }

    private int partitionFor(ProducerRecord<K, V> record, byte[] key, Deadline deadline) {
        int count = partitionCount(record.topic(), deadline);
        if (record.partition() != null) {
            return record.partition();
        }
        if (key != null && !ignoreKeys) {
            return Utils.toPositive(Utils.murmur2(key)) % count;
        }
        // Records without a key go on with one partition for a while, so that batches become larger.
        return stickyPartitions.compute(record.topic(), (topic, current) -> {
            boolean stay = current != null && current < count && sender.isBatching(new TopicPartition(topic, current));
            return stay ? current : ThreadLocalRandom.current().nextInt(count);
        });
    }

    private int partitionCount(String topic, Deadline deadline) {
        KnownTopic known = knownTopics.get(topic);
        if (known != null && !known.until().hasPassed()) {
            return known.partitions();
        }
        TopicDirectory.Topics topics = lookUp(topic, deadline);
        while (!topics.partitions().containsKey(topic)) {
            ApiException reason = topics.errors()
                    .getOrDefault(topic, Errors.UNKNOWN_TOPIC_OR_PARTITION)
                    .exception();
            if (!(reason instanceof RetriableException) || deadline.hasPassed()) {
                throw reason;
            }
            pause();
            topics = lookUp(topic, deadline);
        }
        int count = topics.partitionCount(topic);
        knownTopics.put(topic, new KnownTopic(count, Deadline.inMs(metadataMaxAgeMs)));
        return count;
    }

    private void forget(String topic) {
        knownTopics.remove(topic);
    }

    /** How many partitions a topic has, as far as is known, until it is time to look again. */
    private record KnownTopic(int partitions, Deadline until) {}

    private TopicDirectory.Topics lookUp(String topic, Deadline deadline) {
        return BrokerCalls.await(directory.lookUp(List.of(topic)), deadline, "Metadata of topic " + topic);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(METADATA_RETRY_MS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void takeMemory(int bytes, Deadline deadline) {
        try {
            if (!memory.tryAcquire(bytes, deadline.leftMs(), TimeUnit.MILLISECONDS)) {
                throw new BufferExhaustedException(
                        "The records that wait for the broker fill " + ProducerConfig.BUFFER_MEMORY_CONFIG + ", "
                                + memoryBytes + " bytes, since " + maxBlockMs + " ms");
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void flush() {
        BrokerCalls.await(flushed(), Deadline.inMs(maxBlockMs), "flush");
    }

    private CompletableFuture<Void> flushed() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        owner.execute(() -> sender.whenIdle(() -> done.complete(null)));
        return done;
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        Deadline deadline = Deadline.inMs(maxBlockMs);
        partitionCount(topic, deadline);
        return lookUp(topic, deadline).partitionsOf(topic);
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return ConnectedMetrics.of("producer-metrics", clientId, () -> isOpen);
    }

    @Override
    public void close() {
        close(Duration.ofMillis(maxBlockMs));
    }

    /** Sends what waits, as far as the time allows; what is left then fails. A transaction that is open is aborted. */
    @Override
    public void close(Duration timeout) {
        if (!isOpen) {
            return;
        }
        isOpen = false;
        Deadline deadline = Deadline.in(timeout);
        try {
            maybeAbort(deadline);
            BrokerCalls.await(flushed(), deadline, "the last records of " + clientId);
        } catch (TimeoutException | InterruptException e) {
            owner.execute(
                    () -> sender.failAll(new KafkaException("The producer was closed before the record was sent", e)));
        } finally {
            owner.shutdown();
            calls.close();
            keySerializer.close();
            valueSerializer.close();
        }
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
        throw noTelemetry();
    }

    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
        throw noTelemetry();
    }

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
        throw noTelemetry();
    }

    private static UnsupportedOperationException noTelemetry() {
        return new UnsupportedOperationException("A client of the broker in this application pushes no telemetry");
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
        owner.execute(() -> sender.failAll(reason));
        BrokerCalls.await(flushed(), deadline, "the records that are under way");
        transaction().abort(deadline);
    }

    private ProducerTransaction transaction() {
        return transaction.orElseThrow(() -> new IllegalStateException(
                "The producer " + clientId + " has no " + ProducerConfig.TRANSACTIONAL_ID_CONFIG));
    }
}
