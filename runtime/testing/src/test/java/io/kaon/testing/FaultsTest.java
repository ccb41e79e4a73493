// SPDX-License-Identifier: Apache-2.0
package io.kaon.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.broker.Broker;
import io.kaon.common.ErrorCode;
import io.kaon.network.CallFailedException;
import io.kaon.network.InJvmCaller;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ListGroupsRequest;
import io.kaon.wire.message.ListGroupsResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@KaonBroker(reset = Reset.ALL)
class FaultsTest {
    private final KaonClient kaon;
    private final Faults faults;

    FaultsTest(KaonClient kaon, Faults faults) {
        this.kaon = kaon;
        this.faults = faults;
    }

    @Test
    void shouldFailTheNextRequestsAndThenPass() throws Exception {
        // Given
        Fault fault =
                faults.next(3).requests(ApiKey.PRODUCE).forTopic("orders").failWith(ErrorCode.NOT_ENOUGH_REPLICAS);

        // When
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            producer.send(new ProducerRecord<>("orders", "in the end")).get();
        }

        // Then
        assertThat(fault.hits()).isEqualTo(3);
        assertThat(fault.isSpent()).isTrue();
        assertThat(faults.active()).isEmpty();
        assertThat(kaon.consume("orders").readAllValues()).containsExactly("in the end");
    }

    @Test
    void shouldGiveTheClientTheError() {
        // Given
        faults.always().requests(ApiKey.PRODUCE).failWith(ErrorCode.NOT_ENOUGH_REPLICAS);

        // When / Then
        try (KafkaProducer<String, String> producer = producer(Map.of("retries", 0))) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("orders", "never"))
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(NotEnoughReplicasException.class);
        }
        kaon.produce("orders", "by the test client, which is spared");
    }

    @Test
    void shouldFailOneTopicOfARequestAndServeTheOther() throws Exception {
        // Given
        kaon.createTopic("good", 1);
        kaon.createTopic("bad", 1);
        faults.always().requests(ApiKey.PRODUCE).forTopic("bad").failWith(ErrorCode.TOPIC_AUTHORIZATION_FAILED);

        // When
        try (KafkaProducer<String, String> producer = producer(Map.of("linger.ms", 200))) {
            Future<RecordMetadata> good = producer.send(new ProducerRecord<>("good", "good"));
            Future<RecordMetadata> bad = producer.send(new ProducerRecord<>("bad", "bad"));
            producer.flush();

            // Then
            assertThat(good.get().offset()).isZero();
            assertThatThrownBy(bad::get).hasCauseInstanceOf(TopicAuthorizationException.class);
        }
        assertThat(kaon.consume("bad").readAll()).isEmpty();
    }

    @Test
    void shouldServeTheRequestAndLoseItsResponse() throws Exception {
        // Given
        kaon.createTopic("orders", 1);
        faults.next().requests(ApiKey.PRODUCE).dropResponse();

        // When: without idempotence the producer writes again what it heard nothing of
        try (KafkaProducer<String, String> producer = producer(Map.of("enable.idempotence", false))) {
            producer.send(new ProducerRecord<>("orders", "twice")).get();
        }

        // Then
        assertThat(kaon.consume("orders").readAllValues()).containsExactly("twice", "twice");

        // When: with idempotence the broker knows it
        faults.next().requests(ApiKey.PRODUCE).dropResponse();
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            producer.send(new ProducerRecord<>("orders", "once")).get();
        }

        // Then
        assertThat(kaon.consume("orders").readAllValues()).containsExactly("twice", "twice", "once");
    }

    @Test
    void shouldDisconnectWithoutAnEffect() throws Exception {
        // Given
        kaon.createTopic("orders", 1);
        Fault fault = faults.next(2).requests(ApiKey.PRODUCE).disconnect();

        // When
        try (KafkaProducer<String, String> producer = producer(Map.of("enable.idempotence", false))) {
            producer.send(new ProducerRecord<>("orders", "once")).get();
        }

        // Then
        fault.awaitSpent();
        assertThat(kaon.consume("orders").readAllValues()).containsExactly("once");
    }

    @Test
    void shouldHoldAnswersUntilTheTestLetsThemGo() throws Exception {
        // Given
        kaon.createTopic("orders", 1);
        Fault fault = faults.next().requests(ApiKey.PRODUCE).hold();
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            // When
            Future<RecordMetadata> sent = producer.send(new ProducerRecord<>("orders", "held"));
            fault.awaitHits(1);

            // Then
            assertThat(kaon.consume("orders").awaitValues(1)).containsExactly("held");
            assertThat(sent.isDone()).isFalse();
            fault.release();
            assertThat(sent.get().offset()).isZero();
        }
    }

    @Test
    void shouldDelayAnswers() throws Exception {
        // Given
        kaon.createTopic("orders", 1);
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            producer.send(new ProducerRecord<>("orders", "quick")).get();
            faults.next().requests(ApiKey.PRODUCE).delay(Duration.ofMillis(150));
            long startNs = System.nanoTime();

            // When
            producer.send(new ProducerRecord<>("orders", "slow")).get();

            // Then
            assertThat(Duration.ofNanos(System.nanoTime() - startNs)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
        }
    }

    @Test
    void shouldFailFetchesOfOneTopicInsideTheSession() {
        // Given
        kaon.createTopic("good", 1);
        kaon.createTopic("bad", 1);
        try (KafkaConsumer<String, String> consumer = consumer("readers", "classic")) {
            consumer.assign(List.of(new TopicPartition("good", 0), new TopicPartition("bad", 0)));
            consumer.seekToBeginning(consumer.assignment());
            kaon.produce("good", "first");
            assertThat(poll(consumer, 1)).hasSize(1);
            Fault fault = faults.always()
                    .requests(ApiKey.FETCH)
                    .forTopic("bad")
                    .failWith(ErrorCode.TOPIC_AUTHORIZATION_FAILED);

            // When / Then
            assertThatThrownBy(() -> poll(consumer, 10)).isInstanceOf(TopicAuthorizationException.class);
            fault.clear();
            kaon.produce("bad", "third");
            assertThat(poll(consumer, 1)).contains("third");
        }
    }

    @Test
    void shouldFailCommitsOfOneGroupAlone() {
        // Given
        kaon.createTopic("orders", 1);
        faults.next().requests(ApiKey.OFFSET_COMMIT).forGroup("unlucky").failWith(ErrorCode.GROUP_AUTHORIZATION_FAILED);
        TopicPartition partition = new TopicPartition("orders", 0);
        try (KafkaConsumer<String, String> lucky = consumer("lucky", "classic");
                KafkaConsumer<String, String> unlucky = consumer("unlucky", "classic")) {
            lucky.assign(List.of(partition));
            unlucky.assign(List.of(partition));

            // When / Then
            Map<TopicPartition, OffsetAndMetadata> offsets = Map.of(partition, new OffsetAndMetadata(0));
            lucky.commitSync(offsets);
            assertThatThrownBy(() -> unlucky.commitSync(offsets)).isInstanceOf(GroupAuthorizationException.class);
            unlucky.commitSync(offsets);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldThrowMembersOut(String protocol) {
        // Given
        kaon.createTopic("orders", 1);
        String groupId = "kicked-" + protocol;
        try (KafkaConsumer<String, String> consumer = consumer(groupId, protocol)) {
            AtomicInteger lost = new AtomicInteger();
            consumer.subscribe(List.of("orders"), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}

                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

                @Override
                public void onPartitionsLost(Collection<TopicPartition> partitions) {
                    lost.addAndGet(partitions.size());
                }
            });
            kaon.produce("orders", "before");
            assertThat(poll(consumer, 1)).containsExactly("before");
            consumer.commitSync();
            kaon.group(groupId).awaitStable();

            // When
            faults.kickAll(groupId);

            // Then
            kaon.produce("orders", "after");
            assertThat(poll(consumer, 1)).containsExactly("after");
            Awaitility.await().until(() -> {
                consumer.poll(Duration.ofMillis(50));
                return lost.get() == 1 && kaon.group(groupId).state() == GroupState.STABLE;
            });
        }
    }

    @Test
    void shouldFenceAProducer() {
        // Given
        kaon.createTopic("orders", 1);
        try (KafkaProducer<String, String> producer = producer(Map.of("transactional.id", "fenced"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("orders", "lost"));
            producer.flush();

            // When
            faults.fenceProducer("fenced");

            // Then
            assertThatThrownBy(producer::commitTransaction).isInstanceOf(ProducerFencedException.class);
        }
        assertThat(kaon.consume("orders").readCommitted().readAll()).isEmpty();
    }

    @Test
    void shouldSeemDownUntilItIsBack() throws Exception {
        // Given
        kaon.createTopic("orders", 1);
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            producer.send(new ProducerRecord<>("orders", "before")).get();
            Fault down = faults.refuseConnections();

            // When
            Future<RecordMetadata> sent = producer.send(new ProducerRecord<>("orders", "after"));
            down.awaitHits(3);

            // Then
            assertThat(sent.isDone()).isFalse();
            assertThat(kaon.consume("orders").readAllValues()).containsExactly("before");
            down.clear();
            assertThat(sent.get().offset()).isEqualTo(1);
        }
    }

    @Test
    void shouldStrikeCallersInTheSameJvm(Broker broker) {
        // Given
        InJvmCaller caller = broker.connect("a channel");
        faults.next().requests(ApiKey.LIST_GROUPS).forClient("a channel").failWith(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        faults.next().requests(ApiKey.LIST_GROUPS).forClient("a channel").disconnect();

        // When / Then
        assertThat(((ListGroupsResponse) caller.call(new ListGroupsRequest())
                                .toCompletableFuture()
                                .join())
                        .errorCode())
                .isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE.code());
        assertThatThrownBy(() -> caller.call(new ListGroupsRequest())
                        .toCompletableFuture()
                        .join())
                .hasCauseInstanceOf(CallFailedException.class);
        assertThat(caller.call(new ListGroupsRequest()).toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
        caller.close();
    }

    @Test
    void shouldRefuseAConditionThatRequestsCannotMeet() {
        assertThatThrownBy(() -> faults.next().requests(ApiKey.HEARTBEAT).forTopic("orders"))
                .hasMessage("Not all requests of [HEARTBEAT] name topics");
        assertThatThrownBy(() -> faults.next(0)).hasMessageContaining("at least once");
    }

    @Test
    void shouldTellHowOftenAFaultStruck() {
        // Given
        Fault fault = faults.next(2).requests(ApiKey.PRODUCE).forTopic("orders").disconnect();

        // When / Then
        assertThatThrownBy(() -> fault.awaitHits(1, Duration.ofMillis(50)))
                .hasMessage(
                        "Expected the fault 'the next 2 requests of [PRODUCE] for topic orders is cut off' to strike"
                                + " 1 times within 50 ms, but it struck 0 times");
    }

    private KafkaProducer<String, String> producer(Map<String, Object> settings) {
        Map<String, Object> config = new HashMap<>(Map.of(
                "bootstrap.servers", kaon.bootstrapServers(), "retry.backoff.ms", 20, "reconnect.backoff.ms", 20));
        config.putAll(settings);
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    private KafkaConsumer<String, String> consumer(String groupId, String protocol) {
        Map<String, Object> config = new HashMap<>(Map.of(
                "bootstrap.servers",
                kaon.bootstrapServers(),
                "group.id",
                groupId,
                "group.protocol",
                protocol,
                "auto.offset.reset",
                "earliest"));
        if (protocol.equals("classic")) {
            config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 100);
        }
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }

    private static List<String> poll(KafkaConsumer<String, String> consumer, int count) {
        List<String> values = new ArrayList<>();
        long deadlineNs = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (values.size() < count && System.nanoTime() < deadlineNs) {
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                values.add(record.value());
            }
        }
        return values;
    }
}
