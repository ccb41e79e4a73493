// SPDX-License-Identifier: Apache-2.0
package io.kaon.testing;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;

/** Kafka's clients behind a {@link KaonClient}, made when they are first needed. Any thread. */
final class Connection implements AutoCloseable {
    /** Begins the {@code client.id} of each of these clients: faults spare them. */
    static final String CLIENT_ID_PREFIX = "kaon-test-";

    private static final Duration AT_ONCE = Duration.ZERO;
    /** So that a broker that comes back is found at once. */
    private static final int RECONNECT_MS = 20;

    private final String bootstrapServers;
    private final Map<String, Object> settings;
    private final PlainValues values = new PlainValues();
    private final Set<TopicReader<?, ?>> readers = ConcurrentHashMap.newKeySet();
    private KafkaProducer<byte[], byte[]> producer;
    private Admin admin;
    private boolean isClosed;

    Connection(String bootstrapServers, Map<String, Object> settings) {
        this.bootstrapServers = bootstrapServers;
        this.settings = Map.copyOf(settings);
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    PlainValues values() {
        return values;
    }

    synchronized KafkaProducer<byte[], byte[]> producer() {
        requireOpen();
        if (producer == null) {
            producer = newProducer("");
        }
        return producer;
    }

    synchronized Admin admin() {
        requireOpen();
        if (admin == null) {
            Map<String, Object> config = common("admin");
            config.put("retry.backoff.ms", RECONNECT_MS);
            config.putAll(settings);
            admin = inOurLoader(() -> Admin.create(config));
        }
        return admin;
    }

    /** @param transactionalId empty for a producer without transactions */
    KafkaProducer<byte[], byte[]> newProducer(String transactionalId) {
        Map<String, Object> config = common("producer");
        config.put("acks", "all");
        config.put("linger.ms", 0);
        if (!transactionalId.isEmpty()) {
            config.put("transactional.id", transactionalId);
        }
        config.putAll(settings);
        return inOurLoader(() -> new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    <K, V> KafkaConsumer<K, V> newConsumer(
            TopicReader<K, V> reader, Map<String, Object> own, Deserializer<K> key, Deserializer<V> value) {
        synchronized (this) {
            requireOpen();
        }
        readers.add(reader);
        Map<String, Object> config = common("consumer");
        config.put("enable.auto.commit", false);
        config.put("auto.offset.reset", "earliest");
        config.put("allow.auto.create.topics", false);
        config.put("fetch.min.bytes", 1);
        config.putAll(own);
        config.putAll(settings);
        return inOurLoader(() -> new KafkaConsumer<>(config, key, value));
    }

    void forget(TopicReader<?, ?> reader) {
        readers.remove(reader);
    }

    ProducerRecord<byte[], byte[]> encoded(ProducerRecord<?, ?> record) {
        RecordHeaders headers = new RecordHeaders(record.headers());
        return new ProducerRecord<>(
                record.topic(),
                record.partition(),
                record.timestamp(),
                values.bytesOf(record.topic(), headers, record.key()),
                values.bytesOf(record.topic(), headers, record.value()),
                headers);
    }

    @Override
    public void close() {
        KafkaProducer<byte[], byte[]> openProducer;
        Admin openAdmin;
        synchronized (this) {
            isClosed = true;
            openProducer = producer;
            openAdmin = admin;
            producer = null;
            admin = null;
        }
        Set.copyOf(readers).forEach(TopicReader::close);
        if (openProducer != null) {
            openProducer.close(AT_ONCE);
        }
        if (openAdmin != null) {
            openAdmin.close(AT_ONCE);
        }
    }

    private Map<String, Object> common(String role) {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", bootstrapServers);
        config.put("client.id", CLIENT_ID_PREFIX + role);
        config.put("reconnect.backoff.ms", RECONNECT_MS);
        config.put("reconnect.backoff.max.ms", 10 * RECONNECT_MS);
        return config;
    }

    private void requireOpen() {
        if (isClosed) {
            throw new IllegalStateException("This KaonClient is closed");
        }
    }

    /** Kafka's clients look for their classes by the thread's loader, which in a test may be one that lacks them. */
    private static <T> T inOurLoader(Supplier<T> make) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(Connection.class.getClassLoader());
        try {
            return make.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
