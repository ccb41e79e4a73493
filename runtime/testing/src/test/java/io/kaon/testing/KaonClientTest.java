// SPDX-License-Identifier: Apache-2.0
package io.kaon.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KaonClientTest {
    @RegisterExtension
    static final KaonExtension KAON = KaonExtension.builder().shared().build();

    private final KaonClient kaon = KAON.client();

    private record Order(String id) {}

    @Test
    void shouldWriteAndReadValuesInOneLineEach() {
        // When
        kaon.produce("one-line", "first", "second");

        // Then
        assertThat(kaon.consume("one-line").awaitValues(2)).containsExactly("first", "second");
    }

    @Test
    void shouldChooseTheSerializerByTheValue() {
        // Given
        kaon.serializing(Order.class, (topic, order) -> order.id().getBytes(StandardCharsets.UTF_8));

        // When
        kaon.produce("numbers", 1L, 2L);
        kaon.produceKeyed("objects", 7, new Order("order-1"));

        // Then
        assertThat(kaon.consume("numbers", new LongDeserializer()).awaitValues(2))
                .containsExactly(1L, 2L);
        assertThat(kaon.consume("objects").awaitValues(1)).containsExactly("order-1");
        assertThatThrownBy(() -> kaon.produce("objects", List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("KaonClient.serializing(");
    }

    @Test
    void shouldKeepKeysHeadersTimestampsAndTombstones() {
        // Given
        kaon.createTopic("details", 3);
        ProducerRecord<String, String> record = new ProducerRecord<>("details", 2, 1234L, "key", "value");
        record.headers().add("trace", "abc".getBytes(StandardCharsets.UTF_8));

        // When
        kaon.produce(record);
        kaon.produceTombstone("details", "key");
        kaon.produceKeyed("details", Map.of("other", "entry"));

        // Then
        TopicReader<String, String> details = kaon.consume("details");
        ConsumerRecord<String, String> read =
                details.awaitRecord(each -> each.partition() == 2 && each.value() != null);
        assertThat(read.timestamp()).isEqualTo(1234L);
        assertThat(read.headers().lastHeader("trace").value()).isEqualTo("abc".getBytes(StandardCharsets.UTF_8));
        assertThat(kaon.consume("details")
                        .awaitRecord(each -> each.value() == null)
                        .key())
                .isEqualTo("key");
        assertThat(kaon.endOffsets("details").values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(3);
    }

    @Test
    void shouldWriteManyAndReadThemInOrder() {
        // When
        kaon.produceMany("many", 5_000, index -> "value " + index);

        // Then
        assertThat(kaon.consume("many").awaitValues(5_000))
                .containsExactlyElementsOf(IntStream.range(0, 5_000)
                        .mapToObj(index -> "value " + index)
                        .toList());
    }

    @Test
    void shouldWaitForATopicThatComesLater() {
        // Given
        TopicReader<String, String> reader = kaon.consume("later").fromNow();
        CompletableFuture<Void> written = CompletableFuture.runAsync(
                () -> kaon.produce("later", "here"), CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));

        // When
        String value = reader.awaitRecord().value();

        // Then
        assertThat(value).isEqualTo("here");
        assertThat(written).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void shouldGoOnWhereTheReaderStopped() {
        // Given
        kaon.produce("steps", "before");
        TopicReader<String, String> fromNow = kaon.consume("steps").fromNow();
        TopicReader<String, String> reader = kaon.consume("steps");

        // When
        kaon.produce("steps", "a", "b", "c");

        // Then
        assertThat(reader.awaitValues(2)).containsExactly("before", "a");
        assertThat(reader.readAllValues()).containsExactly("b", "c");
        assertThat(reader.readAllValues()).isEmpty();
        assertThat(fromNow.awaitUntil(records -> records.size() == 3))
                .extracting(ConsumerRecord::value)
                .containsExactly("a", "b", "c");
        reader.assertNothingFor(Duration.ofMillis(50));
        assertThat(reader.fromBeginning().awaitRecord().value()).isEqualTo("before");
    }

    @Test
    void shouldTellWhatArrivedWhenTooLittleDid() {
        // Given
        kaon.produceKeyed("little", "key", "value");

        // When / Then
        assertThatThrownBy(() ->
                        kaon.consume("little").within(Duration.ofSeconds(1)).awaitRecords(2))
                .isInstanceOf(AssertionError.class)
                .hasMessage("Expected 2 records in topic 'little' within 1 s, but 1 has arrived"
                        + "\n  little-0 at 0, key key: value");
        assertThatThrownBy(() ->
                        kaon.consume("litle").within(Duration.ofMillis(100)).awaitRecord())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("there is no such topic; there are [")
                .hasMessageContaining("little");
        assertThatThrownBy(() -> kaon.consume("little").assertNothingFor(Duration.ofSeconds(5)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Expected nothing");
    }

    @Test
    void shouldCommitAndAbortTransactions() {
        // When
        kaon.inTransaction("tx", transaction -> {
            transaction.produce("outcome", "committed");
            transaction.commitOffset("tx-group", "outcome", 0, 1);
        });
        assertThatThrownBy(() -> kaon.inTransaction("tx", transaction -> {
                    transaction.produce("outcome", "aborted");
                    throw new IllegalStateException("on purpose");
                }))
                .hasMessage("on purpose");

        // Then
        assertThat(kaon.consume("outcome").readCommitted().readAllValues()).containsExactly("committed");
        assertThat(kaon.consume("outcome").readAllValues()).containsExactly("committed", "aborted");
        kaon.group("tx-group").awaitCommitted("outcome", 1);
    }

    @Test
    void shouldSeeAGroupFromItsFirstMemberToItsEnd() {
        // Given
        kaon.createTopic("watched", 2);
        kaon.produceMany("watched", 10, index -> index);
        ConsumerGroup group = kaon.group("watchers");
        assertThat(group.state()).isEqualTo(GroupState.DEAD);
        assertThat(group.lag("watched")).isEqualTo(10);

        // When
        try (KafkaConsumer<String, String> consumer = consumer("watchers")) {
            consumer.subscribe(List.of("watched"));
            int read = 0;
            while (read < 10) {
                read += consumer.poll(Duration.ofMillis(50)).count();
            }
            consumer.commitSync();

            // Then
            group.awaitStable().awaitMembers(1).awaitCaughtUp("watched");
            assertThat(group.members()).hasSize(1).first().satisfies(member -> {
                assertThat(member.clientId()).isEqualTo("watcher");
                assertThat(member.assignment())
                        .containsExactlyInAnyOrder(new TopicPartition("watched", 0), new TopicPartition("watched", 1));
            });
            assertThat(group.lag("watched")).isZero();
            assertThat(group.committed("watched")).isEqualTo(kaon.endOffsets("watched"));
            assertThatThrownBy(() -> group.rewind("watched"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("only they may commit now: it is Stable with the members [");
        }
        group.awaitEmpty();
        assertThat(group.rewind("watched").lag("watched")).isEqualTo(10);
        assertThat(group.skipToEnd("watched").lag("watched")).isZero();
        assertThat(group.commit("watched", 0, 0).committed("watched")).containsEntry(0, 0L);
        group.delete();
        assertThat(group.committed("watched")).isEmpty();
    }

    @Test
    void shouldTellWhatAGroupHasCommitted() {
        // Given
        kaon.produce("slow", "a", "b");
        kaon.group("slow-group").commit("slow", 0, 1);

        // When / Then
        assertThatThrownBy(() -> kaon.withTimeout(Duration.ofMillis(100))
                        .group("slow-group")
                        .awaitCaughtUp("slow"))
                .isInstanceOf(AssertionError.class)
                .hasMessage(
                        "Expected the group 'slow-group' to commit all of slow, which ends at {0=2}, within 100 ms, "
                                + "but it has committed {0=1}; it is Empty with no members");
        assertThatThrownBy(() ->
                        kaon.withTimeout(Duration.ofMillis(100)).group("nobody").awaitStable())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(
                        "Expected the group 'nobody' to be stable within 100 ms, but there is no such group; there are [")
                .hasMessageContaining("slow-group");
    }

    @Test
    void shouldCreateAndDeleteTopics() {
        // When
        kaon.createTopic("made", 2, Map.of("cleanup.policy", "compact"));
        kaon.createTopic("made", 2);

        // Then
        assertThat(kaon.topics()).contains("made");
        assertThatThrownBy(() -> kaon.createTopic("made", 3)).hasMessageContaining("with 2 partitions, not 3");
        kaon.deleteTopics("made", "never-made");
        assertThat(kaon.topics()).doesNotContain("made");
    }

    private static KafkaConsumer<String, String> consumer(String groupId) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        KAON.bootstrapServers(),
                        "group.id",
                        groupId,
                        "client.id",
                        "watcher",
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer());
    }
}
