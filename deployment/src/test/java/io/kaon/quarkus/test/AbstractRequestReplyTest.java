// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.reply.KafkaRequestReplyTimeoutException;
import io.smallrye.reactive.messaging.kafka.reply.PendingReply;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.junit.jupiter.api.Test;

/** Request and reply, whichever way the records go. */
abstract class AbstractRequestReplyTest {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ROUNDS = 40;

    static final String CONFIG =
            """
            quarkus.log.category."org.apache.kafka".level=WARN
            quarkus.kaon.broker.topics.replies-of-directed.partitions=3

            mp.messaging.outgoing.questions.topic=questions
            mp.messaging.outgoing.questions.value.serializer=org.apache.kafka.common.serialization.StringSerializer
            mp.messaging.outgoing.questions.reply.value.deserializer=org.apache.kafka.common.serialization.IntegerDeserializer
            mp.messaging.outgoing.questions.reply.failure.handler=no-words
            mp.messaging.outgoing.questions.reply.timeout=20000
            mp.messaging.incoming.questions-in.topic=questions
            mp.messaging.incoming.questions-in.auto.offset.reset=earliest
            mp.messaging.incoming.questions-in.value.deserializer=org.apache.kafka.common.serialization.StringDeserializer
            mp.messaging.outgoing.answers-out.topic=answers-of-nobody
            mp.messaging.outgoing.answers-out.value.serializer=org.apache.kafka.common.serialization.IntegerSerializer

            mp.messaging.outgoing.directed.topic=directed
            mp.messaging.outgoing.directed.value.serializer=org.apache.kafka.common.serialization.StringSerializer
            mp.messaging.outgoing.directed.reply.topic=replies-of-directed
            mp.messaging.outgoing.directed.reply.partition=2
            mp.messaging.outgoing.directed.reply.batch=true
            mp.messaging.outgoing.directed.reply.timeout=20000
            mp.messaging.outgoing.directed.reply.correlation-id.handler=bytes
            mp.messaging.outgoing.directed.reply.value.deserializer=org.apache.kafka.common.serialization.IntegerDeserializer
            mp.messaging.incoming.directed-in.topic=directed
            mp.messaging.incoming.directed-in.auto.offset.reset=earliest
            mp.messaging.incoming.directed-in.value.deserializer=org.apache.kafka.common.serialization.StringDeserializer
            mp.messaging.outgoing.directed-answers-out.topic=answers-of-nobody
            mp.messaging.outgoing.directed-answers-out.value.serializer=org.apache.kafka.common.serialization.IntegerSerializer

            mp.messaging.outgoing.ignored.topic=ignored
            mp.messaging.outgoing.ignored.value.serializer=org.apache.kafka.common.serialization.StringSerializer
            mp.messaging.outgoing.ignored.reply.value.deserializer=org.apache.kafka.common.serialization.IntegerDeserializer
            mp.messaging.outgoing.ignored.reply.timeout=300
            mp.messaging.outgoing.ignored.reply.initial-assignment-timeout=20000


            quarkus.kaon.broker.topics.odd-replies.partitions=3
            mp.messaging.outgoing.odd.topic=odd
            mp.messaging.outgoing.odd.value.serializer=org.apache.kafka.common.serialization.StringSerializer
            mp.messaging.outgoing.odd.reply.value.deserializer=org.apache.kafka.common.serialization.StringDeserializer
            mp.messaging.outgoing.odd.reply.timeout=20000
            mp.messaging.outgoing.odd.reply.partition=1
            mp.messaging.outgoing.odd.reply.correlation-id.header=WHICH
            mp.messaging.outgoing.odd.reply.topic.header=TO
            mp.messaging.outgoing.odd.reply.partition.header=AT
            mp.messaging.incoming.odd-in.topic=odd
            mp.messaging.incoming.odd-in.auto.offset.reset=earliest
            mp.messaging.incoming.odd-in.value.deserializer=org.apache.kafka.common.serialization.StringDeserializer
            mp.messaging.outgoing.odd-out.topic=answers-of-nobody
            mp.messaging.outgoing.odd-out.value.serializer=org.apache.kafka.common.serialization.StringSerializer
            mp.messaging.outgoing.odd-out.propagate-headers=WHICH
            """;

    @Inject
    RequestReplyApplication app;

    @Test
    void shouldGiveEachRequestItsOwnReply() {
        // Given
        List<String> words = IntStream.rangeClosed(1, 50).mapToObj("x"::repeat).toList();

        // When
        List<Integer> lengths = Uni.join()
                .all(words.stream().map(app.questions::request).toList())
                .andFailFast()
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(lengths)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 50).boxed().toList());
        assertThat(app.questions.getPendingReplies()).isEmpty();
    }

    @Test
    void shouldLoseNoReplyWhoeverIsFaster() {
        // Given: replies overtake the acknowledgements of their requests now and then
        List<String> words = IntStream.rangeClosed(1, 50).mapToObj("x"::repeat).toList();

        for (int round = 0; round < ROUNDS; round++) {
            // When
            List<Integer> lengths = Uni.join()
                    .all(words.stream().map(app.questions::request).toList())
                    .andFailFast()
                    .await()
                    .atMost(PATIENCE);

            // Then
            assertThat(lengths).hasSameSizeAs(words);
        }
    }

    @Test
    void shouldCarryMetadataOfRequestAndReply() {
        // Given
        Message<String> request = Message.of(
                "seven",
                Metadata.of(OutgoingKafkaRecordMetadata.<String>builder()
                        .withKey("k")
                        .build()));

        // When
        Message<Integer> reply = app.questions.request(request).await().atMost(PATIENCE);

        // Then
        IncomingKafkaRecordMetadata<?, ?> metadata =
                reply.getMetadata(IncomingKafkaRecordMetadata.class).orElseThrow();
        assertThat(reply.getPayload()).isEqualTo(5);
        assertThat(metadata.getTopic()).isEqualTo("questions-replies");
        assertThat(metadata.getHeaders().lastHeader("REPLY_CORRELATION_ID")).isNotNull();
    }

    @Test
    void shouldTakeSeveralRepliesFromOnePartition() {
        // When
        List<Integer> letters = app.directed
                .requestMulti("abc")
                .select()
                .first(3)
                .collect()
                .asList()
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(letters).containsExactly((int) 'a', (int) 'b', (int) 'c');
        assertThat(app.directed.waitForAssignments().await().atMost(PATIENCE))
                .containsExactly(new TopicPartition("replies-of-directed", 2));
    }

    @Test
    void shouldUseHeadersThatChannelNames() {
        // When
        Message<String> reply = app.odd.request(Message.of("who")).await().atMost(PATIENCE);

        // Then
        IncomingKafkaRecordMetadata<?, ?> metadata =
                reply.getMetadata(IncomingKafkaRecordMetadata.class).orElseThrow();
        assertThat(reply.getPayload()).isEqualTo("who?");
        assertThat(metadata.getTopic()).isEqualTo("odd-replies");
        assertThat(metadata.getPartition()).isEqualTo(1);
        assertThat(metadata.getHeaders().lastHeader("WHICH")).isNotNull();
        assertThat(metadata.getHeaders().lastHeader("REPLY_CORRELATION_ID")).isNull();
    }

    @Test
    void shouldForgetRequestThatIsCompletedByHand() {
        // Given
        app.directed.requestMulti("ab").subscribe().with(letter -> {});

        // When
        app.directed.getPendingReplies().values().forEach(PendingReply::complete);

        // Then
        await().atMost(PATIENCE).until(() -> app.directed.getPendingReplies().isEmpty());
    }

    @Test
    void shouldFailWhenReplyTellsFailure() {
        assertThatThrownBy(() -> app.questions.request("").await().atMost(PATIENCE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("that was no word");
    }

    @Test
    void shouldFailWhenNobodyRepliesInTime() {
        assertThatThrownBy(() -> app.ignored.request("anybody?").await().atMost(PATIENCE))
                .isInstanceOf(KafkaRequestReplyTimeoutException.class);
        assertThat(app.ignored.getPendingReplies()).isEmpty();
    }
}
