// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** What is committed when an application ends that has records in its hands. */
abstract class AbstractEndingTest {
    static final String CONFIG =
            """
            quarkus.application.name=ending
            mp.messaging.incoming.ending-in.topic=ending
            mp.messaging.incoming.ending-in.group.id=ending
            mp.messaging.incoming.ending-in.auto.offset.reset=earliest
            mp.messaging.incoming.ending-in.auto.commit.interval.ms=3600000
            mp.messaging.incoming.ending-in.graceful-shutdown=true
            mp.messaging.incoming.ending-in.graceful-shutdown-timeout=2000
            """;

    @Inject
    EndingApplication app;

    /** The rest is looked at when the application has ended. */
    @Test
    void shouldHaveRecordsInHandAtTheEnd() {
        // Given
        String servers = ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
        List<String> values = List.of("first", "second", "late", "never");
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers), new StringSerializer(), new StringSerializer())) {
            values.forEach(value -> producer.send(new ProducerRecord<>("ending", 0, "key", value)));
        }

        // When
        await().atMost(Duration.ofSeconds(40)).until(() -> app.held.keySet().containsAll(values));

        // Then
        app.held.get("first").ack().toCompletableFuture().join();
        app.held.get("second").ack().toCompletableFuture().join();
    }

    /** Exactly what was acknowledged, that during the end too, and not what never was. */
    static void assertCommitted() {
        assertThat(System.getProperty(EndingApplication.COMMITTED)).isEqualTo("3");
        System.clearProperty(EndingApplication.COMMITTED);
    }
}
