// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kaon.common.ErrorCode;
import io.kaon.quarkus.connector.client.AbstractEmbeddedClientsTest;
import io.kaon.server.RequestFilter;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.SyncGroupRequest;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Members of groups when coordinators move, answers are lost, listeners fail and others take their place. */
class GroupTroubleTest extends AbstractEmbeddedClientsTest {
    @AfterEach
    void endTrouble() {
        broker.testSeam().filter(RequestFilter.NONE);
    }

    private static Map<String, Object> protocol(String protocol) {
        return Map.of("group.protocol", protocol);
    }

    private static RequestFilter once(ApiKey api, RequestFilter.Verdict verdict, AtomicInteger struck) {
        return (context, request) -> {
            boolean isIt = request.apiKey() == api.id() && struck.getAndIncrement() == 0;
            return isIt ? verdict : new RequestFilter.Pass();
        };
    }

    @Test
    void shouldSkipNothingThatIsWrittenWhileGroupFormsAnew() throws Exception {
        // Given: a member at the end of its partitions, of which nobody has committed anything
        EmbeddedConsumer<String, String> consumer = consumer("fresh", Map.of("auto.offset.reset", "latest"));
        consumer.subscribe(List.of("pair"));
        pollUntil(consumer, () -> consumer.assignment().size() == 2);
        consumer.assignment().forEach(consumer::position);

        // When
        consumer.enforceRebalance();
        send("pair", "meanwhile");

        // Then
        assertThat(values(poll(consumer, 1))).containsExactly("meanwhile");
    }

    @Test
    void shouldFetchAgainWhenAnswerDoesNotCome() throws Exception {
        // Given
        send("held", "a", "b");
        AtomicInteger struck = new AtomicInteger();
        CompletableFuture<Void> never = new CompletableFuture<>();
        broker.testSeam().filter(once(ApiKey.FETCH, new RequestFilter.Hold(never, new RequestFilter.Pass()), struck));
        EmbeddedConsumer<String, String> consumer =
                consumer("held", Map.of("request.timeout.ms", "100", "fetch.max.wait.ms", "10"));

        // When
        consumer.subscribe(List.of("held"));

        // Then
        assertThat(values(poll(consumer, 2))).containsExactly("a", "b");
        assertThat(struck.get()).isGreaterThan(1);
        never.complete(null);
    }

    @ParameterizedTest
    @CsvSource({
        "classic, FIND_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS",
        "classic, JOIN_GROUP, NOT_COORDINATOR",
        "classic, JOIN_GROUP, UNKNOWN_MEMBER_ID",
        "classic, SYNC_GROUP, REBALANCE_IN_PROGRESS",
        "classic, SYNC_GROUP, COORDINATOR_NOT_AVAILABLE",
        "classic, HEARTBEAT, COORDINATOR_LOAD_IN_PROGRESS",
        "classic, HEARTBEAT, ILLEGAL_GENERATION",
        "classic, OFFSET_FETCH, COORDINATOR_LOAD_IN_PROGRESS",
        "classic, LIST_OFFSETS, UNKNOWN_TOPIC_ID",
        "classic, LIST_OFFSETS, FENCED_LEADER_EPOCH",
        "classic, FETCH, OFFSET_OUT_OF_RANGE",
        "classic, FETCH, UNKNOWN_TOPIC_ID",
        "consumer, CONSUMER_GROUP_HEARTBEAT, COORDINATOR_LOAD_IN_PROGRESS",
        "consumer, CONSUMER_GROUP_HEARTBEAT, NOT_COORDINATOR",
        "consumer, CONSUMER_GROUP_HEARTBEAT, UNKNOWN_MEMBER_ID",
        "consumer, CONSUMER_GROUP_HEARTBEAT, FENCED_MEMBER_EPOCH",
        "consumer, OFFSET_FETCH, NOT_COORDINATOR",
        "consumer, METADATA, UNKNOWN_TOPIC_ID"
    })
    void shouldReadInSpiteOfErrorThatPasses(String protocol, ApiKey api, ErrorCode error) throws Exception {
        // Given
        String name = ("pass-" + protocol + api + error).toLowerCase(java.util.Locale.ROOT);
        send(name, "a", "b");
        AtomicInteger struck = new AtomicInteger();
        broker.testSeam().filter(once(api, new RequestFilter.Fail(error, topic -> true), struck));

        // When
        EmbeddedConsumer<String, String> consumer = consumer(name, protocol(protocol));
        consumer.subscribe(List.of(name));
        pollUntil(consumer, () -> struck.get() > 0);
        send(name, "c");

        // Then
        EmbeddedConsumer<String, String> later = consumer(name + "-later", protocol(protocol));
        later.subscribe(List.of(name));
        assertThat(values(poll(later, 3))).containsExactly("a", "b", "c");
        pollUntil(
                consumer,
                () -> consumer.assignment().size() == 1 && consumer.position(new TopicPartition(name, 0)) == 3);
    }

    @ParameterizedTest
    @CsvSource({
        "classic, JOIN_GROUP",
        "classic, SYNC_GROUP",
        "classic, HEARTBEAT",
        "classic, FETCH",
        "consumer, CONSUMER_GROUP_HEARTBEAT",
        "consumer, OFFSET_FETCH"
    })
    void shouldReadInSpiteOfAnswerThatIsLost(String protocol, ApiKey api) throws Exception {
        // Given
        String name = ("lost-" + protocol + api).toLowerCase(java.util.Locale.ROOT);
        send(name, "a", "b");
        AtomicInteger struck = new AtomicInteger();
        broker.testSeam().filter(once(api, new RequestFilter.LoseAnswer(), struck));

        // When
        EmbeddedConsumer<String, String> consumer = consumer(name, protocol(protocol));
        consumer.subscribe(List.of(name));

        // Then
        assertThat(values(poll(consumer, 2))).containsExactly("a", "b");
        pollUntil(consumer, () -> struck.get() > 1);
        assertThat(consumer.assignment()).hasSize(1);
    }

    @Test
    void shouldStayMemberWhileListenerGivesUpPartitions() {
        // Given
        AtomicInteger beats = new AtomicInteger();
        CountDownLatch isAlive = new CountDownLatch(1);
        AtomicInteger before = new AtomicInteger(-1);
        broker.testSeam().filter((context, request) -> {
            if (request instanceof HeartbeatRequest
                    && beats.incrementAndGet() > before.get() + 3
                    && before.get() >= 0) {
                isAlive.countDown();
            }
            return new RequestFilter.Pass();
        });
        AtomicInteger living = new AtomicInteger();
        EmbeddedConsumer<String, String> slow = consumer("listening", Map.of());
        slow.subscribe(List.of("six"), new Revoking(() -> {
            before.set(beats.get());
            living.set(wait(isAlive) ? 1 : -1);
        }));
        pollUntil(slow, () -> slow.assignment().size() == 6);

        // When
        EmbeddedConsumer<String, String> other = consumer("listening", Map.of());
        other.subscribe(List.of("pair"));
        pollUntil(List.of(other, slow), () -> other.assignment().size() == 2);

        // Then
        assertThat(living).as("heartbeats while the listener runs").hasValue(1);
    }

    private static boolean wait(CountDownLatch latch) {
        try {
            return latch.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldNotTakeWhatWasAssignedBeforeItLeft() {
        // Given
        AtomicInteger synced = new AtomicInteger();
        broker.testSeam().filter((context, request) -> {
            if (request instanceof SyncGroupRequest) {
                synced.incrementAndGet();
            }
            return new RequestFilter.Pass();
        });
        EmbeddedConsumer<String, String> consumer = consumer("back", Map.of());
        consumer.subscribe(List.of("six"));
        consumer.poll(Duration.ZERO);
        await().until(() -> synced.get() > 0 && consumer.groupMetadata().generationId() >= 0);

        // When
        consumer.unsubscribe();
        consumer.subscribe(List.of("six"));
        pollUntil(consumer, () -> consumer.assignment().size() == 6);

        // Then
        assertThat(consumer.groupMetadata().generationId()).isNotNegative();
        consumer.commitSync(Map.of(new TopicPartition("six", 0), new OffsetAndMetadata(0)));
    }

    @Test
    void shouldFailWhenAnotherOneTakesItsStaticPlace() {
        // Given
        Map<String, Object> named = Map.of("group.instance.id", "twin");
        EmbeddedConsumer<String, String> first = consumer("twins", named);
        first.subscribe(List.of("six"));
        pollUntil(first, () -> first.assignment().size() == 6);

        // When
        EmbeddedConsumer<String, String> second = consumer("twins", named);
        second.subscribe(List.of("six"));
        pollUntil(second, () -> second.assignment().size() == 6);

        // Then
        assertThatThrownBy(() -> pollUntil(first, () -> false))
                .isInstanceOf(FencedInstanceIdException.class)
                .hasMessageContaining("twin");
        assertThatThrownBy(() -> first.poll(STEP)).isInstanceOf(FencedInstanceIdException.class);
        second.poll(STEP);
        assertThat(second.assignment()).hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldNotCommitAfterItWasThrownOut(String protocol) {
        // Given
        EmbeddedConsumer<String, String> slow =
                consumer("outside-" + protocol, Map.of("group.protocol", protocol, "max.poll.interval.ms", "200"));
        slow.subscribe(List.of("pair"));
        pollUntil(slow, () -> slow.assignment().size() == 2);

        // When
        await().until(() -> slow.groupMetadata().generationId() < 0);

        // Then
        Map<TopicPartition, OffsetAndMetadata> offset = Map.of(new TopicPartition("pair", 0), new OffsetAndMetadata(0));
        assertThatThrownBy(() -> slow.commitSync(offset)).isInstanceOf(CommitFailedException.class);
        AtomicInteger failures = new AtomicInteger();
        slow.commitAsync(offset, (offsets, failure) -> {
            if (failure instanceof CommitFailedException) {
                failures.incrementAndGet();
            }
        });
        pollUntil(slow, () -> failures.get() == 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldLeaveAlthoughListenerFails(String protocol) {
        // Given
        String group = "failing-" + protocol;
        EmbeddedConsumer<String, String> first = consumer(group, protocol(protocol));
        first.subscribe(List.of("six"), new Revoking(() -> {
            throw new IllegalStateException("no");
        }));
        pollUntil(first, () -> first.assignment().size() == 6);

        // When
        assertThatThrownBy(first::close).isInstanceOf(IllegalStateException.class);

        // Then
        EmbeddedConsumer<String, String> second = consumer(group, protocol(protocol));
        second.subscribe(List.of("six"));
        pollUntil(second, () -> second.assignment().size() == 6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldGiveUpStaticPlaceWhenAskedTo(String protocol) {
        // Given
        String group = "for-good-" + protocol;
        EmbeddedConsumer<String, String> staying = consumer(group, protocol(protocol));
        staying.subscribe(List.of("six"));
        EmbeddedConsumer<String, String> leaving =
                consumer(group, Map.of("group.protocol", protocol, "group.instance.id", "one"));
        leaving.subscribe(List.of("six"));
        pollUntil(
                List.of(staying, leaving),
                () -> staying.assignment().size() == 3 && leaving.assignment().size() == 3);

        // When
        leaving.close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));

        // Then
        pollUntil(staying, () -> staying.assignment().size() == 6);
    }

    private record Revoking(Runnable action) implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            action.run();
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
    }
}
