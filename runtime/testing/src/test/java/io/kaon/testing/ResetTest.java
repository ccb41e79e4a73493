// SPDX-License-Identifier: Apache-2.0
package io.kaon.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ResetTest {
    private static final int TOPICS = 100;

    @RegisterExtension
    final KaonExtension extension = KaonExtension.builder().topic("orders", 2).build();

    @Test
    void shouldEmptyTopicsAndForgetGroups() {
        // Given
        KaonClient kaon = extension.client();
        kaon.createTopic("compacted", 1, Map.of("cleanup.policy", "compact"));
        kaon.produceMany("orders", 10, index -> "order " + index);
        kaon.produceKeyed("compacted", "key", "value");
        kaon.group("yesterday").commit("orders", 0, 1);

        // When
        kaon.reset();

        // Then
        assertThat(kaon.consume("orders").readAll()).isEmpty();
        assertThat(kaon.consume("compacted").readAll()).isEmpty();
        assertThat(kaon.group("yesterday").state()).isEqualTo(GroupState.DEAD);
        assertThat(kaon.group("yesterday").committed("orders")).isEmpty();
        assertThat(kaon.topics()).containsExactly("compacted", "orders");
        kaon.reset();
        kaon.produce("orders", "new");
        assertThat(kaon.consume("orders").awaitValues(1)).containsExactly("new");
    }

    @Test
    void shouldLetConsumersGoOn() {
        // Given
        KaonClient kaon = extension.client();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        kaon.bootstrapServers(),
                        "group.id",
                        "service",
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of("orders"));
            kaon.produce("orders", "before");
            assertThat(next(consumer)).isEqualTo("before");
            consumer.commitSync();
            String member = kaon.group("service").members().get(0).memberId();

            // When
            kaon.reset(Reset.ALL, Set.of());

            // Then
            kaon.produce("orders", "after");
            assertThat(next(consumer)).isEqualTo("after");
            consumer.commitSync();
            assertThat(kaon.group("service").awaitCaughtUp("orders").members())
                    .extracting(ConsumerGroup.Member::memberId)
                    .containsExactly(member);
        }
    }

    @Test
    void shouldDeleteTheTopicsOfTheTestWhenAsked() {
        // Given
        KaonClient kaon = extension.client();
        kaon.createTopic("of-the-test", 1);
        kaon.produce("orders", "order");

        // When
        kaon.reset(Reset.ALL, Set.of("orders"));

        // Then
        assertThat(kaon.topics()).containsExactly("orders");
        assertThat(kaon.consume("orders").readAll()).isEmpty();
    }

    @Test
    void shouldTakeMillisecondsForManyTopics() {
        // Given
        KaonClient kaon = extension.client();
        List<NewTopic> topics = IntStream.range(0, TOPICS)
                .mapToObj(index -> new NewTopic("topic-" + index, 1, (short) 1))
                .toList();
        kaon.await("Creating topics", kaon.admin().createTopics(topics).all());
        long[] tookNs = new long[5];

        // When
        for (int round = 0; round < tookNs.length; round++) {
            topics.forEach(topic -> kaon.produce(topic.name(), "record"));
            long startNs = System.nanoTime();
            kaon.reset();
            tookNs[round] = System.nanoTime() - startNs;
        }

        // Then
        for (long ns : tookNs) {
            System.out.println(
                    "reset of " + TOPICS + " topics: " + Duration.ofNanos(ns).toMillis() + " ms");
        }
        assertThat(Duration.ofNanos(tookNs[tookNs.length - 1])).isLessThan(Duration.ofSeconds(5));
        topics.forEach(
                topic -> assertThat(kaon.endOffsets(topic.name())).isEqualTo(kaon.beginningOffsets(topic.name())));
    }

    private static String next(KafkaConsumer<String, String> consumer) {
        long deadlineNs = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < deadlineNs) {
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                return record.value();
            }
        }
        throw new AssertionError("no record came");
    }
}
