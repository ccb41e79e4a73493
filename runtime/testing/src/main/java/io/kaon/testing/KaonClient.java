// SPDX-License-Identifier: Apache-2.0
package io.kaon.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * What a test does to a broker in place of the rest of the world: writes what the application reads, reads what it
 * writes, waits until its consumers have come as far as they should. Speaks Kafka's protocol over TCP, so it works with
 * a broker in the test's JVM, in another process or on another machine.
 *
 * <pre>{@code
 * kaon.produce("orders", "first", "second");
 * List<String> receipts = kaon.consume("receipts").awaitValues(2);
 * kaon.group("billing").awaitCaughtUp("orders");
 * }</pre>
 *
 * <p>Every call returns when what it says has happened, and fails when that takes longer than the timeout (ten seconds
 * unless {@link #withTimeout} says otherwise): with an {@link AssertionError} that tells what did happen when a test's
 * expectation was not met, with Kafka's own exception when the broker refused.
 *
 * <p>Any thread may use a client; a {@link TopicReader} belongs to one thread.
 */
public final class KaonClient implements AutoCloseable {
    /** How long a call waits. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private final Connection connection;
    private final Duration timeout;

    private KaonClient(Connection connection, Duration timeout) {
        this.connection = connection;
        this.timeout = timeout;
    }

    /**
     * A client of the broker at that address. Connects when it is first used.
     *
     * @param bootstrapServers as in {@code bootstrap.servers}
     */
    public static KaonClient connect(String bootstrapServers) {
        return connect(bootstrapServers, Map.of());
    }

    /**
     * A client with further settings of Kafka's clients, for example for TLS or SASL.
     *
     * @param settings laid over those of the producer, the consumers and the admin client
     */
    public static KaonClient connect(String bootstrapServers, Map<String, Object> settings) {
        return new KaonClient(new Connection(bootstrapServers, settings), DEFAULT_TIMEOUT);
    }

    /** The same client with another timeout for its calls. Closing either closes both. */
    public KaonClient withTimeout(Duration patience) {
        return new KaonClient(connection, patience);
    }

    /** The address of the broker, for clients of the test's own. */
    public String bootstrapServers() {
        return connection.bootstrapServers();
    }

    /**
     * How keys and values of a class become bytes in {@code produce}. Kafka's plain types (String, byte[], the numbers,
     * UUID, ByteBuffer, Bytes) need none.
     */
    public <T> KaonClient serializing(Class<T> type, Serializer<? super T> serializer) {
        connection.values().add(type, serializer);
        return this;
    }

    /**
     * Writes values without keys, in this order, and waits until all are acknowledged.
     *
     * @return where each stands, in the order of the values
     */
    public List<RecordMetadata> produce(String topic, Object... values) {
        return produce(Stream.of(values)
                .map(value -> new ProducerRecord<Object, Object>(topic, value))
                .toList());
    }

    /** Writes one record with a key. A value of null is a tombstone: see {@link #produceTombstone}. */
    public RecordMetadata produceKeyed(String topic, Object key, Object value) {
        return produce(List.of(new ProducerRecord<>(topic, key, value))).get(0);
    }

    /** Writes a record for each entry, with its key, in the map's order. */
    public List<RecordMetadata> produceKeyed(String topic, Map<?, ?> valuesByKey) {
        List<ProducerRecord<?, ?>> records = new ArrayList<>();
        valuesByKey.forEach((key, value) -> records.add(new ProducerRecord<>(topic, key, value)));
        return produce(records);
    }

    /** Writes a record without a value, which removes the key from a compacted topic. */
    public RecordMetadata produceTombstone(String topic, Object key) {
        return produceKeyed(topic, key, null);
    }

    /**
     * Writes many records.
     *
     * @param value makes the value of the record with that index, from 0
     */
    public List<RecordMetadata> produceMany(String topic, int count, IntFunction<?> value) {
        return produce(IntStream.range(0, count)
                .mapToObj(index -> new ProducerRecord<Object, Object>(topic, value.apply(index)))
                .toList());
    }

    /** Writes one record with whatever it has: partition, timestamp, headers. */
    public RecordMetadata produce(ProducerRecord<?, ?> record) {
        return produce(List.of(record)).get(0);
    }

    /**
     * Writes records in this order and waits until all are acknowledged ({@code acks=all}, idempotent).
     *
     * @throws org.apache.kafka.common.KafkaException when the broker refused one, or gave no answer in time
     */
    public List<RecordMetadata> produce(Collection<? extends ProducerRecord<?, ?>> records) {
        return await("Writing", send(connection.producer(), records));
    }

    /**
     * Writes in a transaction: committed when {@code work} returns, aborted when it throws, which is thrown on.
     *
     * @param transactionalId the previous producer with this id is fenced
     */
    public void inTransaction(String transactionalId, TransactionWork work) {
        try (KafkaProducer<byte[], byte[]> producer = connection.newProducer(transactionalId)) {
            producer.initTransactions();
            producer.beginTransaction();
            try {
                work.run(new Transaction(producer, this));
            } catch (RuntimeException | Error failure) {
                producer.abortTransaction();
                throw failure;
            }
            producer.commitTransaction();
        }
    }

    /** What a test does within a transaction. */
    @FunctionalInterface
    public interface TransactionWork {
        /** Writes; what it throws aborts the transaction. */
        void run(Transaction transaction);
    }

    /** Reads a topic from its beginning; keys and values are strings. The topic need not be there yet. */
    public TopicReader<String, String> consume(String topic) {
        return consume(topic, new StringDeserializer(), new StringDeserializer());
    }

    /** Reads a topic from its beginning; keys are strings. */
    public <V> TopicReader<String, V> consume(String topic, Deserializer<V> value) {
        return consume(topic, new StringDeserializer(), value);
    }

    /** Reads a topic from its beginning. */
    public <K, V> TopicReader<K, V> consume(String topic, Deserializer<K> key, Deserializer<V> value) {
        return new TopicReader<>(connection, topic, new TopicReader.Format<>(key, value), timeout);
    }

    /** A consumer group: the application's, or one of the test. */
    public ConsumerGroup group(String groupId) {
        return new ConsumerGroup(this, groupId);
    }

    /** Creates a topic, unless it is there. */
    public void createTopic(String topic, int partitions) {
        createTopic(topic, partitions, Map.of());
    }

    /** Creates a topic with settings under Kafka's names, unless it is there. */
    public void createTopic(String topic, int partitions, Map<String, String> config) {
        NewTopic created = new NewTopic(topic, partitions, (short) -1).configs(config);
        try {
            await("Creating " + topic, admin().createTopics(List.of(created)).all());
        } catch (TopicExistsException there) {
            requirePartitions(topic, partitions, there);
        }
    }

    /** Deletes topics; those that are not there are no error. */
    public void deleteTopics(String... topics) {
        for (String topic : topics) {
            try {
                await("Deleting " + topic, admin().deleteTopics(List.of(topic)).all());
            } catch (UnknownTopicOrPartitionException gone) {
                continue; // As asked.
            }
        }
    }

    /** The topics that are there, without Kafka's internal ones. */
    public Set<String> topics() {
        return new TreeSet<>(await("Listing topics", admin().listTopics().names()));
    }

    /** The offset that the next record of each partition gets; empty when the topic is not there. */
    public Map<Integer, Long> endOffsets(String topic) {
        return offsets(topic, OffsetSpec.latest());
    }

    /** The offset of the first record of each partition; empty when the topic is not there. */
    public Map<Integer, Long> beginningOffsets(String topic) {
        return offsets(topic, OffsetSpec.earliest());
    }

    /**
     * Fences the producer with this transactional id: its open transaction is aborted, and what it sends from now on fails
     * with ProducerFencedException, as when another instance has taken its place.
     */
    public void fenceProducer(String transactionalId) {
        await(
                "Fencing " + transactionalId,
                admin().fenceProducers(List.of(transactionalId)).all());
    }

    /**
     * Brings the broker back to where a test may begin: see {@link Reset}. Any broker will do; the application's clients
     * go on meanwhile, and go on reading what is written afterwards.
     *
     * @param topicsToKeep for {@link Reset#ALL}: the topics that are not deleted
     */
    public void reset(Reset reset, Set<String> topicsToKeep) {
        Resetting resetting = new Resetting(this);
        if (reset == Reset.ALL) {
            resetting.deleteTopicsBut(topicsToKeep);
        }
        if (reset != Reset.NONE) {
            resetting.emptyTopics();
            resetting.forgetGroups();
        }
    }

    /** Empties all topics and forgets all groups without members: {@link Reset#TOPICS}. */
    public void reset() {
        reset(Reset.TOPICS, Set.of());
    }

    /** Kafka's admin client, for everything else. Closed with this client. */
    public Admin admin() {
        return connection.admin();
    }

    /** Ends every reader that came from this client, and its connections. Idempotent. */
    @Override
    public void close() {
        connection.close();
    }

    Duration timeout() {
        return timeout;
    }

    List<Future<RecordMetadata>> send(
            KafkaProducer<byte[], byte[]> producer, Collection<? extends ProducerRecord<?, ?>> records) {
        List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
        for (ProducerRecord<?, ?> record : records) {
            sent.add(producer.send(connection.encoded(record)));
        }
        producer.flush();
        return sent;
    }

    List<RecordMetadata> await(String what, List<Future<RecordMetadata>> sent) {
        Patience patience = Patience.of(timeout);
        return sent.stream().map(each -> patience.get(what, each)).toList();
    }

    <T> T await(String what, Future<T> answer) {
        return Patience.of(timeout).get(what, answer);
    }

    /** Partitions of a topic; none when it is not there. */
    List<TopicPartition> partitionsOf(String topic) {
        try {
            TopicDescription description = await(
                            "Describing " + topic,
                            admin().describeTopics(List.of(topic)).allTopicNames())
                    .get(topic);
            return description.partitions().stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
        } catch (UnknownTopicOrPartitionException none) {
            return List.of();
        }
    }

    private Map<Integer, Long> offsets(String topic, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitionsOf(topic).forEach(partition -> asked.put(partition, spec));
        return await("Offsets of " + topic, admin().listOffsets(asked).all()).entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().partition(),
                        entry -> entry.getValue().offset(),
                        (one, other) -> one,
                        TreeMap::new));
    }

    private void requirePartitions(String topic, int partitions, TopicExistsException there) {
        int found = partitionsOf(topic).size();
        if (found != partitions) {
            throw new IllegalStateException(
                    "The topic " + topic + " is there with " + found + " partitions, not " + partitions, there);
        }
    }

    @Override
    public String toString() {
        return "KaonClient of " + connection.bootstrapServers();
    }
}
