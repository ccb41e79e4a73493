// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaon.quarkus.connector.KaonConnector;
import io.quarkus.test.QuarkusUnitTest;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Members without a socket and a Kafka client outside are one group. */
class KaonGroupExtensionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(jar -> jar.addClass(GroupApplication.class)
                    .addAsResource(
                            new StringAsset(
                                    """
                                    quarkus.log.category."org.apache.kafka".level=WARN
                                    quarkus.kaon.broker.topics.work.partitions=6
                                    mp.messaging.emitter.default-buffer-size=10000
                                    mp.messaging.outgoing.work-out.topic=work
                                    mp.messaging.incoming.work-in.topic=work
                                    mp.messaging.incoming.work-in.group.id=workers
                                    mp.messaging.incoming.work-in.partitions=2
                                    mp.messaging.incoming.work-in.auto.offset.reset=earliest
                                    mp.messaging.incoming.work-in.heartbeat.interval.ms=100
                                    """),
                            "application.properties"));

    @Inject
    GroupApplication app;

    @Inject
    @Connector(KaonConnector.CONNECTOR_NAME)
    KaonConnector connector;

    @Test
    void shouldShareAllPartitionsWithMemberThatComesAndGoes() throws Exception {
        // Given
        await().atMost(PATIENCE).until(() -> assignedHere().size() == 6);
        send(0, 1_000);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(app.arrivals).hasSize(1_000));
        Set<Integer> outside = new HashSet<>();

        // When
        try (var member = new org.apache.kafka.clients.consumer.KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers(), "group.id", "workers", "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new IntegerDeserializer())) {
            member.subscribe(List.of("work"));
            await().atMost(PATIENCE).until(() -> {
                poll(member, outside);
                return member.assignment().size() == 2 && assignedHere().size() == 4;
            });
            send(1_000, 2_000);
            await().atMost(PATIENCE).until(() -> {
                poll(member, outside);
                return seen(outside).size() == 2_000;
            });
            member.commitSync();
        }
        await().atMost(PATIENCE).until(() -> assignedHere().size() == 6);
        send(2_000, 3_000);

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(seen(outside)).hasSize(3_000));
        assertThat(outside).as("what the member outside has taken").isNotEmpty();
    }

    private void send(int from, int to) throws Exception {
        CompletableFuture<?>[] sent = IntStream.range(from, to)
                .mapToObj(number ->
                        app.work.send(Record.of("key-" + number, number)).toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(sent).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private Set<TopicPartition> assignedHere() {
        Set<TopicPartition> assigned = new HashSet<>();
        for (KafkaConsumer<Object, Object> consumer : connector.<Object, Object>getConsumers("work-in")) {
            assigned.addAll(consumer.getAssignments().await().atMost(PATIENCE));
        }
        return assigned;
    }

    private Set<Integer> seen(Set<Integer> outside) {
        Set<Integer> all = new HashSet<>(outside);
        all.addAll(app.arrivals.keySet());
        return all;
    }

    private static void poll(
            org.apache.kafka.clients.consumer.KafkaConsumer<String, Integer> member, Set<Integer> outside) {
        for (ConsumerRecord<String, Integer> record : member.poll(Duration.ofMillis(100))) {
            outside.add(record.value());
        }
    }

    private static String bootstrapServers() {
        return ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
    }
}
