// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.operators.multi.processors.UnicastProcessor;
import io.smallrye.reactive.messaging.EmitterConfiguration;
import io.smallrye.reactive.messaging.annotations.EmitterFactoryFor;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.commit.KafkaIgnoreCommit;
import io.smallrye.reactive.messaging.kafka.fault.KafkaIgnoreFailure;
import io.smallrye.reactive.messaging.kafka.reply.KafkaRequestReplyTimeoutException;
import io.smallrye.reactive.messaging.kafka.reply.UUIDCorrelationIdHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.junit.jupiter.api.Test;

/** Requests without a broker: what is sent, when, and which reply finds its way. */
class RequestReplyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final TopicPartition REPLIES = new TopicPartition("replies", 0);

    private final UnicastProcessor<Message<?>> replies = UnicastProcessor.create();
    private final AtomicInteger closings = new AtomicInteger();
    private final Reader consumer = new Reader();

    @Test
    void shouldTakeReplyThatComesBeforeRequestIsAcknowledged() {
        // Given
        RequestReply channel = channel(PATIENCE, Optional.empty());
        AssertSubscriber<Message<? extends Object>> sent = subscribe(channel);
        UniAssertSubscriber<Object> asked =
                channel.request("length?").subscribe().withSubscriber(UniAssertSubscriber.create());
        Message<?> request = sent.awaitItems(1).getItems().get(0);

        // When
        replies.onNext(replyTo(request, 7));

        // Then
        asked.awaitItem(PATIENCE).assertItem(7);
        request.ack().toCompletableFuture().join();
        assertThat(channel.getPendingReplies()).isEmpty();
    }

    @Test
    void shouldSendNothingUntilItIsSettledWhereRepliesAreRead() {
        // Given
        RequestReply channel = channel(PATIENCE, Optional.of(PATIENCE));
        AssertSubscriber<Message<? extends Object>> sent = subscribe(channel);
        channel.request("early").subscribe().with(reply -> {});
        assertThat(sent.getItems()).isEmpty();

        // When
        consumer.updatePartitions("replies", List.of(new PartitionInfo("replies", 0, null, null, null)));
        consumer.assign(Set.of(REPLIES));
        assertThat(sent.getItems()).isEmpty(); // There is no offset yet from which on replies are read.
        consumer.isSettled = true;

        // Then
        assertThat(sent.awaitItems(1, PATIENCE).getItems()).hasSize(1);
    }

    @Test
    void shouldEndRequestWhenItsTimeIsOver() {
        // Given
        RequestReply channel = channel(SHORT, Optional.empty());
        subscribe(channel);

        // When
        UniAssertSubscriber<Object> asked =
                channel.request("anybody?").subscribe().withSubscriber(UniAssertSubscriber.create());

        // Then
        asked.awaitFailure(PATIENCE).assertFailedWith(KafkaRequestReplyTimeoutException.class);
        assertThat(channel.getPendingReplies()).isEmpty();
    }

    @Test
    void shouldEndRequestThatIsRefused() {
        // Given
        RequestReply channel = channel(PATIENCE, Optional.empty());
        AssertSubscriber<Message<? extends Object>> sent = subscribe(channel);
        UniAssertSubscriber<Object> asked =
                channel.request("no").subscribe().withSubscriber(UniAssertSubscriber.create());

        // When
        sent.awaitItems(1).getItems().get(0).nack(new IllegalStateException("full"));

        // Then
        asked.awaitFailure(PATIENCE).assertFailedWith(IllegalStateException.class, "full");
        assertThat(channel.getPendingReplies()).isEmpty();
    }

    @Test
    void shouldFailRequestsWhenRepliesCanBeReadNoMore() {
        // Given
        RequestReply channel = channel(PATIENCE, Optional.empty());
        subscribe(channel);
        UniAssertSubscriber<Object> asked =
                channel.request("hello").subscribe().withSubscriber(UniAssertSubscriber.create());

        // When
        replies.onError(new IllegalStateException("broken"));

        // Then
        asked.awaitFailure(PATIENCE).assertFailedWith(IllegalStateException.class, "broken");
    }

    @Test
    void shouldWaitForRepliesBeforeItEnds() {
        // Given
        RequestReply channel = channel(PATIENCE, Optional.empty());
        AssertSubscriber<Message<? extends Object>> sent = subscribe(channel);
        UniAssertSubscriber<Object> asked =
                channel.request("last").subscribe().withSubscriber(UniAssertSubscriber.create());
        Message<?> request = sent.awaitItems(1).getItems().get(0);

        // When
        channel.complete();
        assertThat(closings).hasValue(0);
        replies.onNext(replyTo(request, 4));

        // Then
        asked.awaitItem(PATIENCE).assertItem(4);
        await().atMost(PATIENCE).until(() -> closings.get() == 1);
    }

    private RequestReply channel(Duration timeout, Optional<Duration> start) {
        ReplySettings settings = new ReplySettings(
                "replies",
                -1,
                timeout,
                start,
                new ReplySettings.Headers("REPLY_CORRELATION_ID", "REPLY_TOPIC", "REPLY_PARTITION"),
                Set.of(),
                true);
        RequestReply channel = new RequestReply(
                new Channel(),
                16,
                settings,
                new ReplySource(Multi.createFrom().publisher(replies), client(), closings::incrementAndGet),
                new UUIDCorrelationIdHandler(),
                Optional.empty());
        channel.start();
        return channel;
    }

    private static AssertSubscriber<Message<? extends Object>> subscribe(RequestReply channel) {
        AssertSubscriber<Message<? extends Object>> sent = AssertSubscriber.create(Long.MAX_VALUE);
        channel.getPublisher().subscribe(sent);
        return sent;
    }

    /** Runs everything at once, on the caller's thread. */
    @SuppressWarnings("unchecked")
    private KafkaConsumer<Object, Object> client() {
        return (KafkaConsumer<Object, Object>) Proxy.newProxyInstance(
                RequestReplyTest.class.getClassLoader(),
                new Class<?>[] {KafkaConsumer.class},
                (proxy, method, given) -> {
                    var action = (Function<MockConsumer<Object, Object>, Set<TopicPartition>>) given[0];
                    return Uni.createFrom().item(() -> action.apply(consumer));
                });
    }

    private static KafkaRecord<?, ?> replyTo(Message<?> request, Object value) {
        OutgoingKafkaRecordMetadata<?> asked =
                request.getMetadata(OutgoingKafkaRecordMetadata.class).orElseThrow();
        Headers headers = new RecordHeaders().add(asked.getHeaders().lastHeader("REPLY_CORRELATION_ID"));
        ConsumerRecord<Object, Object> record = new ConsumerRecord<>(
                "replies", 0, 0, 0, TimestampType.CREATE_TIME, 0, 0, null, value, headers, Optional.empty());
        return new IncomingKafkaRecord<>(
                record, "requests", -1, new KafkaIgnoreCommit(), new KafkaIgnoreFailure("requests"), false);
    }

    /** Learns its position when it is told to. */
    private static final class Reader extends MockConsumer<Object, Object> {
        private volatile boolean isSettled;

        Reader() {
            super("latest");
        }

        @Override
        public synchronized long position(TopicPartition partition, Duration timeout) {
            if (!isSettled) {
                throw new TimeoutException("nobody knows yet");
            }
            return 0;
        }
    }

    /** An outgoing channel as it is declared. */
    private static final class Channel implements EmitterConfiguration {
        @Override
        public String name() {
            return "requests";
        }

        @Override
        public EmitterFactoryFor emitterType() {
            return null;
        }

        @Override
        public OnOverflow.Strategy overflowBufferStrategy() {
            return OnOverflow.Strategy.BUFFER;
        }

        @Override
        public long overflowBufferSize() {
            return 16;
        }

        @Override
        public boolean broadcast() {
            return false;
        }

        @Override
        public int numberOfSubscriberBeforeConnecting() {
            return 0;
        }
    }
}
