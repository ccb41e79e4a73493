// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
import io.kaon.broker.TopicSpec;
import io.kaon.quarkus.connector.client.consumer.ConsumerInterceptors;
import io.kaon.quarkus.connector.client.consumer.ConsumerSettings;
import io.kaon.quarkus.connector.client.consumer.EmbeddedConsumer;
import io.kaon.quarkus.connector.client.consumer.RecordReader;
import io.kaon.quarkus.connector.client.producer.EmbeddedProducer;
import io.kaon.quarkus.connector.client.producer.ProducerInterceptors;
import io.kaon.quarkus.connector.client.producer.ProducerPlugins;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Clients without a socket, and one real broker for all tests of a class. */
public abstract class AbstractEmbeddedClientsTest {
    protected static final Duration STEP = Duration.ofMillis(50);
    protected static final long PATIENCE_S = 20;

    protected static Broker broker;
    protected static ScheduledExecutorService timer;

    private final List<EmbeddedConsumer<String, String>> consumers = new ArrayList<>();

    @BeforeAll
    static void start() {
        timer = Executors.newSingleThreadScheduledExecutor();
        broker = Broker.start(BrokerOptions.embedded()
                .withTopics(Map.of("six", new TopicSpec(6, Map.of()), "pair", new TopicSpec(2, Map.of())))
                .withConfig(Map.of("group.initial.rebalance.delay.ms", "0")));
    }

    @AfterAll
    static void stop() {
        timer.shutdownNow();
        broker.close();
    }

    @AfterEach
    void closeConsumers() {
        consumers.forEach(EmbeddedConsumer::close);
    }

    protected final EmbeddedConsumer<String, String> consumer(String group, Map<String, Object> more) {
        Map<String, Object> settings =
                new HashMap<>(Map.of("group.id", group, "client.id", "test", "auto.offset.reset", "earliest"));
        settings.putAll(more);
        if (!"consumer".equals(more.get("group.protocol"))) {
            settings.putIfAbsent("heartbeat.interval.ms", "50");
        }
        EmbeddedConsumer<String, String> consumer = new EmbeddedConsumer<>(
                () -> new BrokerCalls(broker.connect("test")),
                ConsumerSettings.of(new ClientSettings(settings)),
                new RecordReader<>(new StringDeserializer(), new StringDeserializer()),
                ConsumerInterceptors.of(new ClientSettings(settings), "test"),
                timer);
        consumers.add(consumer);
        return consumer;
    }

    protected static EmbeddedProducer<String, String> producer(Map<String, Object> settings) {
        ClientSettings wanted = new ClientSettings(settings);
        return new EmbeddedProducer<>(
                new BrokerCalls(broker.connect("test")),
                wanted,
                new ProducerPlugins<>(
                        new StringSerializer(), new StringSerializer(), ProducerInterceptors.of(wanted, List.of())));
    }

    protected static void send(String topic, String... values) throws Exception {
        try (EmbeddedProducer<String, String> producer = producer(Map.of())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(topic, value)).get(PATIENCE_S, TimeUnit.SECONDS);
            }
        }
    }

    protected static List<ConsumerRecord<String, String>> poll(EmbeddedConsumer<String, String> consumer, int count) {
        List<ConsumerRecord<String, String>> read = new ArrayList<>();
        Deadline deadline = Deadline.inMs(TimeUnit.SECONDS.toMillis(PATIENCE_S));
        while (read.size() < count && !deadline.hasPassed()) {
            consumer.poll(STEP).forEach(read::add);
        }
        assertThat(read).hasSize(count);
        return read;
    }

    protected static void pollUntil(EmbeddedConsumer<String, String> consumer, BooleanSupplier condition) {
        pollUntil(List.of(consumer), condition);
    }

    protected static void pollUntil(List<EmbeddedConsumer<String, String>> polled, BooleanSupplier condition) {
        pollUntil(() -> polled.forEach(consumer -> consumer.poll(STEP)), condition);
    }

    protected static void pollUntil(Runnable poll, BooleanSupplier condition) {
        Deadline deadline = Deadline.inMs(TimeUnit.SECONDS.toMillis(PATIENCE_S));
        while (!condition.getAsBoolean()) {
            assertThat(deadline.hasPassed()).as("it took too long").isFalse();
            poll.run();
        }
    }

    protected static List<String> values(List<ConsumerRecord<String, String>> records) {
        return records.stream().map(ConsumerRecord::value).toList();
    }
}
