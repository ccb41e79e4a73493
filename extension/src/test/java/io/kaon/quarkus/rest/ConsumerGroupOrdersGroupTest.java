// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaon.broker.TopicSpec;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Orders to groups, transactions and directories over HTTP. */
class ConsumerGroupOrdersGroupTest {
    private static final String GROUP = "a/b";

    private static RestServer server;

    @BeforeAll
    static void start() {
        server = RestServer.of(connection -> List.of(
                new ConsumerGroupOrdersGroup(connection),
                new TransactionsGroup(connection),
                new LogDirsGroup(connection)));
        server.broker().createTopics(Map.of("orders", new TopicSpec(1, Map.of())));
        Map<String, Object> config = Map.of("bootstrap.servers", server.broker().bootstrapServers());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            for (int number = 0; number < 10; number++) {
                producer.send(new ProducerRecord<>("orders", 0, 1_000L + number, "k", "v"));
            }
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void shouldResetOffsetsAndDeleteThem() {
        // Given
        commit(GROUP, 7);
        String group = server.inCluster("/consumer-groups/a%2Fb");

        // When
        JsonNode shown = server.post(group + "/offsets:reset", "{\"to\": \"earliest\", \"dry_run\": true}")
                .json(200);
        JsonNode done = server.post(
                        group + "/offsets:reset",
                        "{\"to\": \"timestamp\", \"timestamp\": \"1970-01-01T00:00:01.004Z\", \"topic\": \"orders\","
                                + " \"partitions\": [0]}")
                .json(200);
        int offsetsDeleted = server.delete(group + "/offsets/orders").status();
        int again = server.delete(group + "/offsets/orders").status();

        // Then
        assertThat(shown.at("/dry_run").asBoolean()).isTrue();
        assertThat(shown.at("/changes/0/old_offset").asInt()).isEqualTo(7);
        assertThat(shown.at("/changes/0/new_offset").asInt()).isZero();
        assertThat(done.at("/changes/0/old_offset").asInt()).isEqualTo(7);
        assertThat(done.at("/changes/0/new_offset").asInt()).isEqualTo(4);
        assertThat(offsetsDeleted).isEqualTo(204);
        assertThat(again).isEqualTo(404);
    }

    @Test
    void shouldDeleteAGroup() {
        // Given
        commit("goes", 1);

        // Then
        assertThat(server.delete(server.inCluster("/consumer-groups/goes")).status())
                .isEqualTo(204);
        assertThat(server.delete(server.inCluster("/consumer-groups/goes")).status())
                .isEqualTo(404);
    }

    @Test
    void shouldNameWhatIsWrongWithAReset() {
        // Given
        String reset = server.inCluster("/consumer-groups/g/offsets:reset");

        // Then
        assertThat(server.post(reset, "{\"to\": \"yesterday\"}").wrongFields()).containsExactly("to");
        assertThat(server.post(reset, "{\"to\": \"offset\"}").wrongFields()).containsExactly("offset");
        assertThat(server.post(reset, "{\"to\": \"timestamp\"}").wrongFields()).containsExactly("timestamp");
        assertThat(server.post(reset, "{\"to\": \"timestamp\", \"timestamp\": \"x\"}")
                        .wrongFields())
                .containsExactly("timestamp");
        assertThat(server.post(reset, "{\"to\": \"latest\", \"partitions\": [1]}")
                        .wrongFields())
                .containsExactly("topic");
        assertThat(server.post(reset, "{\"to\": \"latest\"}").status()).isEqualTo(404);
    }

    @Test
    void shouldShowTransactionsAndTheirProducers() {
        // Given
        Map<String, Object> config =
                Map.of("bootstrap.servers", server.broker().bootstrapServers(), "transactional.id", "tx-1");
        server.broker().createTopics(Map.of("transactional", new TopicSpec(1, Map.of())));
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("transactional", "k", "v"));
            producer.flush();

            // When
            JsonNode list = server.get(server.inCluster("/transactions?search=x-&state=ongoing"))
                    .json(200);
            JsonNode one = server.get(server.inCluster("/transactions/tx-1")).json(200);
            JsonNode producers = server.get(server.inCluster("/topics/transactional/producers"))
                    .json(200);
            producer.commitTransaction();

            // Then
            assertThat(list.at("/data/0")).isEqualTo(one);
            assertThat(one.at("/partitions/0/topic_name").asText()).isEqualTo("transactional");
            assertThat(one.at("/started").isTextual()).isTrue();
            assertThat(producers.at("/data/0/transaction_start_offset").asInt()).isZero();
            assertThat(producers.at("/data/0/hanging").asBoolean()).isFalse();
        }
        assertThat(server.get(server.inCluster("/transactions/nobody")).status())
                .isEqualTo(404);
    }

    @Test
    void shouldShowTheDataDirectory() {
        // When
        JsonNode directories =
                server.get(server.inCluster("/brokers/0/log-dirs")).json(200);

        // Then
        assertThat(directories.at("/data/0/size_bytes").asLong()).isPositive();
        assertThat(directories.at("/data/0/topics").findValuesAsText("topic_name"))
                .contains("orders");
        assertThat(server.get(server.inCluster("/brokers/9/log-dirs"))
                        .json(404)
                        .at("/error_code")
                        .asInt())
                .isEqualTo(40405);
    }

    private static void commit(String group, long offset) {
        Map<String, Object> config = Map.of("bootstrap.servers", server.broker().bootstrapServers(), "group.id", group);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition place = new TopicPartition("orders", 0);
            consumer.assign(List.of(place));
            consumer.commitSync(Map.of(place, new OffsetAndMetadata(offset)));
        }
    }
}
