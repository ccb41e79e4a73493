// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaon.quarkus.connector.KaonConnector;
import io.smallrye.reactive.messaging.kafka.KafkaConnector;
import jakarta.inject.Inject;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.junit.jupiter.api.Test;

/** What strategies of the connector kaon do beside what those of smallrye-kafka do. */
abstract class AbstractKaonStrategiesTest extends AbstractStrategiesTest {
    @Inject
    @Connector(KaonConnector.CONNECTOR_NAME)
    KaonConnector connector;

    @Override
    KafkaConnector connector() {
        return connector;
    }

    @Test
    void shouldSayWhichRecordAndMethodIsStuckUntilItIsAcknowledged() {
        // Given
        send("stuck", "t0", "t1");

        // When
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(liveness("stuck-in").isOk()).isFalse());

        // Then
        assertThat(liveness("stuck-in").getMessage())
                .contains("stuck-0@0", "key of type java.lang.String", "StrategiesApplication.stuck()")
                .doesNotContain("t0");
        app.acknowledge("t0");
        app.acknowledge("t1");
        assertThat(liveness("stuck-in").isOk()).isTrue();
        awaitCommitted("stuck", 2);
        send("stuck", "t2");
        await().atMost(PATIENCE).until(() -> app.held.containsKey("t2"));
        app.acknowledge("t2");
        awaitCommitted("stuck", 3);
    }

    @Test
    void shouldGiveUpRecordThatIsStuckAndGoOn() {
        // When
        send("given-up", "g0", "hold g1", "g2");

        // Then
        ConsumerRecord<String, String> letter = read("given-up-dead", 1).get(0);
        assertThat(letter.value()).isEqualTo("hold g1");
        assertThat(headers(letter))
                .containsEntry(
                        "dead-letter-exception-class-name",
                        "io.kaon.quarkus.connector.strategies.UnacknowledgedRecordException")
                .containsEntry("dead-letter-offset", "1");
        assertThat(headers(letter).get("dead-letter-reason")).contains("StrategiesApplication.givenUp()");
        awaitCommitted("given-up", 3);
        assertThat(liveness("given-up-in").isOk()).isTrue();
        app.acknowledge("hold g1");
        send("given-up", "g3");
        awaitCommitted("given-up", 4);
        assertThat(List.of(committed("given-up").orElseThrow())).containsExactly(4L);
    }

    @Test
    void shouldSayThatChannelStandsStillBehindRecordThatWasGivenUp() {
        // When
        send("endless", "endless e0", "e1");

        // Then
        assertThat(read("endless-dead", 1).get(0).value()).isEqualTo("endless e0");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(liveness("endless-in").isOk()).isFalse());
        assertThat(liveness("endless-in").getMessage())
                .contains("endless-0@0", "dead letter topic", "StrategiesApplication.endless()");
        app.end.countDown();
        awaitCommitted("endless", 2);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(liveness("endless-in").isOk()).isTrue());
    }

    @Test
    void shouldCommitRecordThatCouldNotBeRead() {
        // When: it is the last one
        send("unreadable", "no number either");

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(committed("unreadable"))
                .hasValueSatisfying(offset -> assertThat(offset).isEqualTo(endOf("unreadable"))));
    }

    private static long endOf(String topic) {
        try (var consumer = new org.apache.kafka.clients.consumer.KafkaConsumer<>(
                java.util.Map.of("bootstrap.servers", bootstrapServers()),
                new org.apache.kafka.common.serialization.StringDeserializer(),
                new org.apache.kafka.common.serialization.StringDeserializer())) {
            var partition = new org.apache.kafka.common.TopicPartition(topic, 0);
            return consumer.endOffsets(List.of(partition)).get(partition);
        }
    }
}
