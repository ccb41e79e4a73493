// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.quarkus.connector.client.AbstractEmbeddedClientsTest;
import io.kaon.quarkus.connector.client.producer.EmbeddedProducer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one consumer reads while partitions are missing, topics go and come, and others have more than their share. */
class ConsumerTroubleTest extends AbstractEmbeddedClientsTest {
    private static void send(String topic, int partition, int count) throws Exception {
        try (EmbeddedProducer<String, String> producer = producer(Map.of("batch.size", "100"))) {
            for (int number = 0; number < count; number++) {
                producer.send(new ProducerRecord<>(topic, partition, null, partition + "/" + number))
                        .get(PATIENCE_S, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void shouldReadPartitionsNextToOneThatIsMissing() throws Exception {
        // Given
        send("single", "a", "b");
        EmbeddedConsumer<String, String> consumer = consumer("missing", Map.of());

        // When
        consumer.assign(List.of(new TopicPartition("single", 7), new TopicPartition("single", 0)));

        // Then
        assertThat(values(poll(consumer, 2))).containsExactly("a", "b");
    }

    @Test
    void shouldGiveEachPartitionItsTurn() throws Exception {
        // Given
        int many = 200;
        send("pair", 0, many);
        send("pair", 1, 5);
        EmbeddedConsumer<String, String> consumer =
                consumer("turns", Map.of("max.poll.records", "10", "max.partition.fetch.bytes", "1000"));
        consumer.subscribe(List.of("pair"));

        // When
        List<ConsumerRecord<String, String>> read = poll(consumer, many + 5);

        // Then
        List<Integer> partitions = new ArrayList<>();
        read.forEach(record -> partitions.add(record.partition()));
        assertThat(partitions.indexOf(1)).isLessThan(many / 2);
    }

    @Test
    void shouldRefuseToCommitForTopicThatIsNotThere() {
        // Given
        EmbeddedConsumer<String, String> consumer = consumer("nowhere", Map.of());
        Map<TopicPartition, OffsetAndMetadata> offset =
                Map.of(new TopicPartition("not-there", 0), new OffsetAndMetadata(1));

        // When / Then
        assertThatThrownBy(() -> consumer.commitSync(offset, Duration.ofSeconds(PATIENCE_S)))
                .isInstanceOf(KafkaException.class)
                .isNotInstanceOf(TimeoutException.class)
                .hasMessageContaining("not-there");
    }

    @Test
    void shouldSayThatPositionIsGoneWhenResetIsNone() throws Exception {
        // Given
        send("gone", "a");
        TopicPartition partition = new TopicPartition("gone", 0);
        EmbeddedConsumer<String, String> consumer = consumer("gone", Map.of("auto.offset.reset", "none"));
        consumer.assign(List.of(partition));
        consumer.seek(partition, 100);

        // When / Then
        assertThatThrownBy(() -> pollUntil(consumer, () -> false))
                .isInstanceOfSatisfying(
                        OffsetOutOfRangeException.class,
                        gone -> assertThat(gone.offsetOutOfRangePartitions()).containsEntry(partition, 100L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldReadTopicThatIsMadeAnewFromItsBeginning(String protocol) throws Exception {
        // Given
        String topic = "phoenix-" + protocol;
        send(topic, "a", "b", "c");
        EmbeddedConsumer<String, String> consumer = consumer(topic, Map.of("group.protocol", protocol));
        consumer.subscribe(List.of(topic));
        poll(consumer, 3);
        consumer.commitSync();

        // When
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.deleteTopics(Set.of(topic)).all().get(PATIENCE_S, TimeUnit.SECONDS);
            admin.createTopics(Set.of(new NewTopic(topic, 2, (short) 1))).all().get(PATIENCE_S, TimeUnit.SECONDS);
        }
        send(topic, 1, 1);
        send(topic, 0, 1);

        // Then
        Set<String> read = new HashSet<>(); // With its new id the topic may be assigned, and read, once more.
        pollUntil(() -> consumer.poll(STEP).forEach(record -> read.add(record.value())), () -> read.size() == 2);
        assertThat(read).containsExactlyInAnyOrder("0/0", "1/0");
    }
}
