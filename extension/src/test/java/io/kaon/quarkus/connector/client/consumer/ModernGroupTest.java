// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.quarkus.connector.client.AbstractEmbeddedClientsTest;
import io.kaon.quarkus.connector.client.ClientSettings;
import io.kaon.quarkus.connector.client.producer.EmbeddedProducer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.common.errors.UnsupportedAssignorException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Consumers without a socket in groups whose coordinator assigns (KIP-848). */
class ModernGroupTest extends AbstractEmbeddedClientsTest {
    private static final Map<String, Object> MODERN = Map.of("group.protocol", "consumer");

    @Test
    void shouldReadCommitAndGoOn() throws Exception {
        // Given
        send("modern", "a", "b", "c");
        EmbeddedConsumer<String, String> first = consumer("modern", MODERN);
        first.subscribe(List.of("modern"));
        assertThat(values(poll(first, 3))).containsExactly("a", "b", "c");
        first.commitSync(Map.of(new TopicPartition("modern", 0), new OffsetAndMetadata(2)));
        assertThat(first.groupMetadata().generationId()).isPositive();
        first.close();

        // When
        EmbeddedConsumer<String, String> second = consumer("modern", MODERN);
        second.subscribe(List.of("modern"));

        // Then
        assertThat(values(poll(second, 1))).containsExactly("c");
    }

    @Test
    void shouldMoveHalfOfPartitionsToMemberThatJoinsAndBackWhenItLeaves() {
        // Given
        Log log = new Log();
        EmbeddedConsumer<String, String> first = consumer("modern-moving", MODERN);
        first.subscribe(List.of("six"), log);
        pollUntil(first, () -> first.assignment().size() == 6);

        // When
        EmbeddedConsumer<String, String> second = consumer("modern-moving", MODERN);
        second.subscribe(List.of("six"));
        pollUntil(
                List.of(first, second),
                () -> first.assignment().size() == 3 && second.assignment().size() == 3);

        // Then
        assertThat(first.assignment()).doesNotContainAnyElementsOf(second.assignment());
        assertThat(log.revoked).as("only what has moved").hasSize(3);
        second.close();
        pollUntil(first, () -> first.assignment().size() == 6);
    }

    @Test
    void shouldShareGroupWithClassicMembersAndWithKafkasOwnClient() {
        // Given
        EmbeddedConsumer<String, String> classic = consumer("mixed", Map.of());
        classic.subscribe(List.of("six"));
        pollUntil(classic, () -> classic.assignment().size() == 6);

        // When
        EmbeddedConsumer<String, String> modern = consumer("mixed", MODERN);
        modern.subscribe(List.of("six"));
        pollUntil(
                List.of(classic, modern),
                () -> classic.assignment().size() == 3 && modern.assignment().size() == 3);

        // Then
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", broker.bootstrapServers(), "group.id", "mixed", "group.protocol", "consumer");
        try (KafkaConsumer<String, String> outside =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            outside.subscribe(List.of("six"));
            pollUntil(List.of(classic, modern), () -> {
                outside.poll(Duration.ofMillis(10));
                return outside.assignment().size() == 2
                        && modern.assignment().size() == 2
                        && classic.assignment().size() == 2;
            });
        }
        pollUntil(
                List.of(classic, modern),
                () -> classic.assignment().size() == 3 && modern.assignment().size() == 3);
    }

    @Test
    void shouldLetCoordinatorLookForTopics() throws Exception {
        // Given
        EmbeddedConsumer<String, String> consumer = consumer("modern-regex", MODERN);
        consumer.subscribe(new SubscriptionPattern("river-.*"));
        send("river-danube", "blue");

        // When / Then
        assertThat(values(poll(consumer, 1))).containsExactly("blue");
    }

    @Test
    void shouldFollowTopicsThatMatchPattern() throws Exception {
        // Given
        EmbeddedConsumer<String, String> consumer = consumer("modern-pattern", MODERN);
        consumer.subscribe(Pattern.compile("lake-.*"));
        consumer.poll(STEP);

        // When
        send("lake-como", "deep");

        // Then
        assertThat(values(poll(consumer, 1))).containsExactly("deep");
        send("lake-garda", "wide");
        assertThat(values(poll(consumer, 1))).containsExactly("wide");
    }

    @Test
    void shouldReadTopicThatComesLater() throws Exception {
        // Given
        EmbeddedConsumer<String, String> consumer =
                consumer("modern-later", Map.of("group.protocol", "consumer", "allow.auto.create.topics", "false"));
        consumer.subscribe(List.of("later"));
        consumer.poll(STEP);
        assertThat(consumer.listTopics()).doesNotContainKey("later");

        // When
        send("later", "at last");

        // Then
        assertThat(values(poll(consumer, 1))).containsExactly("at last");
    }

    @Test
    void shouldJoinAgainAfterItWasNotPolled() throws Exception {
        // Given
        Log log = new Log();
        EmbeddedConsumer<String, String> slow =
                consumer("modern-slow", Map.of("group.protocol", "consumer", "max.poll.interval.ms", "300"));
        slow.subscribe(List.of("six"), log);
        pollUntil(slow, () -> slow.assignment().size() == 6);

        // When
        EmbeddedConsumer<String, String> other = consumer("modern-slow", MODERN);
        other.subscribe(List.of("six"));
        pollUntil(other, () -> other.assignment().size() == 6);
        assertThatThrownBy(() -> slow.commitSync(Map.of(new TopicPartition("six", 0), new OffsetAndMetadata(0))))
                .isInstanceOf(CommitFailedException.class);
        pollUntil(
                List.of(slow, other),
                () -> slow.assignment().size() == 3 && other.assignment().size() == 3);

        // Then
        assertThat(log.lost).hasSize(6);
    }

    @Test
    void shouldKeepPlaceOfStaticMemberThatRestarts() {
        // Given
        EmbeddedConsumer<String, String> other = consumer("modern-static", MODERN);
        other.subscribe(List.of("six"));
        Map<String, Object> named = Map.of("group.protocol", "consumer", "group.instance.id", "one");
        EmbeddedConsumer<String, String> before = consumer("modern-static", named);
        before.subscribe(List.of("six"));
        pollUntil(
                List.of(other, before),
                () -> other.assignment().size() == 3 && before.assignment().size() == 3);
        Set<TopicPartition> owned = before.assignment();

        // When
        before.close();
        EmbeddedConsumer<String, String> after = consumer("modern-static", named);
        after.subscribe(List.of("six"));
        pollUntil(List.of(other, after), () -> after.assignment().size() == 3);

        // Then
        assertThat(after.assignment()).isEqualTo(owned);
        assertThat(other.assignment()).hasSize(3);
    }

    @Test
    void shouldCommitWithTransaction() throws Exception {
        // Given
        send("modern-source", "a", "b");
        EmbeddedConsumer<String, String> consumer = consumer("modern-exactly", MODERN);
        consumer.subscribe(List.of("modern-source"));
        poll(consumer, 2);
        TopicPartition partition = new TopicPartition("modern-source", 0);

        // When
        try (EmbeddedProducer<String, String> producer = producer(Map.of("transactional.id", "modern-exactly"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("modern-sink", "a"));
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(2)), consumer.groupMetadata());
            producer.commitTransaction();
        }

        // Then
        assertThat(consumer.committed(Set.of(partition))).containsEntry(partition, new OffsetAndMetadata(2));
    }

    @Test
    void shouldFailOnAssignorThatCoordinatorDoesNotHave() {
        // Given
        EmbeddedConsumer<String, String> consumer =
                consumer("modern-assignor", Map.of("group.protocol", "consumer", "group.remote.assignor", "odd"));
        consumer.subscribe(List.of("six"));

        // When / Then
        assertThatThrownBy(() -> pollUntil(consumer, () -> false)).isInstanceOf(UnsupportedAssignorException.class);
    }

    @Test
    void shouldFailOnExpressionThatCoordinatorCannotRead() {
        // Given
        EmbeddedConsumer<String, String> consumer = consumer("modern-expression", MODERN);
        consumer.subscribe(new SubscriptionPattern("river-("));

        // When / Then
        assertThatThrownBy(() -> pollUntil(consumer, () -> false)).isInstanceOf(InvalidRegularExpression.class);
    }

    @ParameterizedTest
    @CsvSource({
        "consumer, session.timeout.ms, 10000",
        "consumer, heartbeat.interval.ms, 1000",
        "consumer, partition.assignment.strategy, org.apache.kafka.clients.consumer.RangeAssignor",
        "classic, group.remote.assignor, uniform",
        "share, group.protocol, share"
    })
    void shouldRefuseSettingThatProtocolDoesNotHave(String protocol, String name, String value) {
        Map<String, Object> settings = Map.of("group.id", "g", "group.protocol", protocol);
        Map<String, Object> all = new HashMap<>(settings);
        all.put(name, value);
        assertThatThrownBy(() -> ConsumerSettings.of(new ClientSettings(all)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(name);
    }

    private static final class Log implements ConsumerRebalanceListener {
        final List<TopicPartition> revoked = new ArrayList<>();
        final List<TopicPartition> lost = new ArrayList<>();

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            revoked.addAll(partitions);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            lost.addAll(partitions);
        }
    }
}
