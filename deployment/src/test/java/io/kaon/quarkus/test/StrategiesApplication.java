// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.commit.CheckpointMetadata;
import io.smallrye.reactive.messaging.kafka.commit.CheckpointStateStore;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.smallrye.reactive.messaging.kafka.commit.ProcessingState;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/** A method for each strategy. What begins with "bad" is refused. */
@Singleton
public class StrategiesApplication {
    final Map<String, List<String>> taken = new ConcurrentHashMap<>();
    /** Messages that are acknowledged when the test says so, by payload. */
    final Map<String, Message<String>> held = new ConcurrentHashMap<>();

    final CountDownLatch end = new CountDownLatch(1);

    final List<ConsumerRecord<String, String>> retried = new CopyOnWriteArrayList<>();

    private void take(String channel, String payload) {
        taken.computeIfAbsent(channel, key -> new CopyOnWriteArrayList<>()).add(payload);
        if (payload != null && payload.startsWith("bad")) {
            throw new IllegalStateException("no good: " + payload, new IllegalArgumentException("because"));
        }
    }

    List<String> taken(String channel) {
        return taken.getOrDefault(channel, List.of());
    }

    void acknowledge(String payload) {
        held.remove(payload).ack().toCompletableFuture().join();
    }

    private CompletionStage<Void> hold(Message<String> message) {
        held.put(message.getPayload(), message);
        return CompletableFuture.completedFuture(null);
    }

    @Incoming("manual-in")
    CompletionStage<Void> manual(Message<String> message) {
        return hold(message);
    }

    @Incoming("revoked-in")
    CompletionStage<Void> revoked(Message<String> message) {
        return hold(message);
    }

    @Incoming("stuck-in")
    CompletionStage<Void> stuck(Message<String> message) {
        return hold(message);
    }

    @Incoming("given-up-in")
    CompletionStage<Void> givenUp(Message<String> message) {
        if (message.getPayload().startsWith("hold")) {
            return hold(message);
        }
        return message.ack();
    }

    @Incoming("endless-in")
    void endless(String payload) throws InterruptedException {
        if (payload.startsWith("endless")) {
            end.await();
        }
    }

    @Incoming("latest-in")
    void latest(String payload) {
        take("latest-in", payload);
    }

    @Incoming("uncommitted-in")
    void uncommitted(String payload) {
        take("uncommitted-in", payload);
    }

    @Incoming("checkpoint-in")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    CompletionStage<Void> checkpoint(Message<String> message) {
        CheckpointMetadata<Integer> state = CheckpointMetadata.fromMessage(message);
        state.transform(0, count -> count + message.getPayload().length(), true);
        return message.ack();
    }

    @Incoming("custom-commit-in")
    void customCommit(String payload) {
        take("custom-commit-in", payload);
    }

    @Incoming("fail-in")
    void fail(String payload) {
        take("fail-in", payload);
    }

    @Incoming("skip-in")
    void skip(String payload) {
        take("skip-in", payload);
    }

    @Incoming("dead-in")
    void dead(String payload) {
        take("dead-in", payload);
    }

    @Incoming("dead-batch-in")
    void deadBatch(List<String> payloads) {
        taken.computeIfAbsent("dead-batch-in", key -> new CopyOnWriteArrayList<>())
                .addAll(payloads);
        if (payloads.stream().anyMatch(payload -> payload.startsWith("bad"))) {
            throw new IllegalStateException("no good");
        }
    }

    @Incoming("unreadable-in")
    void unreadable(Long payload) {
        taken.computeIfAbsent("unreadable-in", key -> new CopyOnWriteArrayList<>())
                .add("" + payload);
    }

    @Incoming("retry-in")
    void retry(ConsumerRecord<String, String> record) {
        retried.add(record);
        take("retry-in", record.value());
    }

    @Incoming("custom-failure-in")
    void customFailure(String payload) {
        take("custom-failure-in", payload);
    }

    /** Notes what was acknowledged and commits nothing. */
    @ApplicationScoped
    @Identifier("noting")
    public static class NotingCommits implements KafkaCommitHandler.Factory {
        final List<String> noted = new CopyOnWriteArrayList<>();

        List<String> noted() {
            return noted;
        }

        @Override
        public KafkaCommitHandler create(
                KafkaConnectorIncomingConfiguration config,
                Vertx vertx,
                KafkaConsumer<?, ?> consumer,
                BiConsumer<Throwable, Boolean> reportFailure) {
            return new KafkaCommitHandler() {
                @Override
                public <K, V> Uni<IncomingKafkaRecord<K, V>> received(IncomingKafkaRecord<K, V> record) {
                    noted.add("received " + record.getOffset());
                    return Uni.createFrom().item(record);
                }

                @Override
                public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record) {
                    noted.add("processed " + record.getOffset());
                    return Uni.createFrom().voidItem();
                }
            };
        }
    }

    /** Notes what was refused and acknowledges it. */
    @ApplicationScoped
    @Identifier("noting")
    public static class NotingFailures implements KafkaFailureHandler.Factory {
        final List<String> noted = new CopyOnWriteArrayList<>();

        List<String> noted() {
            return noted;
        }

        @Override
        public KafkaFailureHandler create(
                KafkaConnectorIncomingConfiguration config,
                Vertx vertx,
                KafkaConsumer<?, ?> consumer,
                BiConsumer<Throwable, Boolean> reportFailure) {
            return new KafkaFailureHandler() {
                @Override
                public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record, Throwable reason, Metadata metadata) {
                    noted.add(record.getPayload() + ": " + reason.getMessage());
                    return Uni.createFrom().completionStage(record.ack());
                }
            };
        }
    }

    /** Keeps the state of a checkpoint in memory. */
    @ApplicationScoped
    @Identifier("memory")
    public static class MemoryStates implements CheckpointStateStore.Factory {
        final Map<TopicPartition, ProcessingState<?>> states = new ConcurrentHashMap<>();

        Map<TopicPartition, ProcessingState<?>> states() {
            return states;
        }

        @Override
        public CheckpointStateStore create(
                KafkaConnectorIncomingConfiguration config,
                Vertx vertx,
                KafkaConsumer<?, ?> consumer,
                Class<?> stateType) {
            return new CheckpointStateStore() {
                @Override
                public Uni<Map<TopicPartition, ProcessingState<?>>> fetchProcessingState(
                        Collection<TopicPartition> partitions) {
                    return Uni.createFrom().item(Map.copyOf(states));
                }

                @Override
                public Uni<Void> persistProcessingState(Map<TopicPartition, ProcessingState<?>> state) {
                    states.putAll(state);
                    return Uni.createFrom().voidItem();
                }
            };
        }
    }
}
