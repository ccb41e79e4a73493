// SPDX-License-Identifier: Apache-2.0
package io.kaon.quickstart;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads what the application has written, as any Kafka client would. */
final class Greetings {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Greetings() {}

    static List<String> readFrom(String bootstrapServers, int count) {
        List<String> greetings = new ArrayList<>();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "group.id",
                "test-" + UUID.randomUUID(),
                "auto.offset.reset",
                "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("greetings"));
            await().atMost(PATIENCE).until(() -> {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    greetings.add(record.value());
                }
                return greetings.size() >= count;
            });
        }
        return greetings;
    }
}
