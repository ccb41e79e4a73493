// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.common.TopicPartition;
import io.kaon.coordinator.transaction.SimulatedPartitions.End;
import io.kaon.wire.message.AddPartitionsToTxnRequest;
import io.kaon.wire.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction;
import io.kaon.wire.message.EndTxnRequest;
import io.kaon.wire.message.EndTxnResponse;
import io.kaon.wire.message.InitProducerIdRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A producer with one request at a time: it repeats what may be repeated and starts over where Kafka's would. */
final class SimulatedProducer {
    static final int TIMEOUT_MS = 3_000;
    private static final int PATIENCE_STEPS = 30;

    private final CoordinatorFixture fixture;
    private final SimulatedPartitions partitions;
    private final Shared shared;
    private final String id;
    private final boolean isOld;
    private Optional<CompletableFuture<Void>> underWay = Optional.empty();
    private int waited;
    private Optional<ProducerIdAndEpoch> producer = Optional.empty();
    private boolean claims;
    private int transaction;
    private Deque<TopicPartition> toWrite = new ArrayDeque<>();
    private boolean commits;
    private boolean hasBegun;

    /** @param isOld speaks the versions from before KIP-890 */
    SimulatedProducer(
            CoordinatorFixture fixture, SimulatedPartitions partitions, Shared shared, String id, boolean isOld) {
        this.fixture = fixture;
        this.partitions = partitions;
        this.shared = shared;
        this.id = id;
        this.isOld = isOld;
    }

    void step() {
        if (underWay.isPresent() && !underWay.get().isDone() && ++waited < PATIENCE_STEPS) {
            return;
        }
        underWay = Optional.empty();
        waited = 0;
        if (producer.isEmpty() || claims) {
            init();
        } else if (!hasBegun) {
            begin();
        } else if (!toWrite.isEmpty()) {
            write(toWrite.peek());
        } else {
            end();
        }
    }

    /** Forgets everything, as a new process does. */
    void crash() {
        underWay = Optional.empty();
        producer = Optional.empty();
        claims = false;
        hasBegun = false;
        toWrite.clear();
    }

    private void init() {
        InitProducerIdRequest request =
                new InitProducerIdRequest().setTransactionalId(id).setTransactionTimeoutMs(TIMEOUT_MS);
        if (claims) {
            request.setProducerId(producer.orElseThrow().producerId())
                    .setProducerEpoch(producer.orElseThrow().epoch());
        }
        boolean isNewcomer = !claims;
        ask(
                fixture.init(5, request),
                response -> onError(response.errorCode(), () -> {
                    ProducerIdAndEpoch given = CoordinatorFixture.producerOf(response);
                    if (isNewcomer) {
                        assertThat(shared.given.add(id + given))
                                .as("%s was given twice", given)
                                .isTrue();
                    }
                    producer = Optional.of(given);
                    claims = false;
                    hasBegun = false;
                }));
    }

    private void begin() {
        transaction = ++shared.transactions;
        List<TopicPartition> all = new ArrayList<>(shared.partitions);
        Collections.shuffle(all, shared.random);
        toWrite = new ArrayDeque<>(all.subList(0, shared.random.nextInt(all.size() + 1)));
        commits = shared.random.nextInt(3) > 0;
        // Before KIP-890 a transaction without partitions is not ended at all.
        hasBegun = !isOld || !toWrite.isEmpty();
    }

    private void write(TopicPartition partition) {
        ProducerIdAndEpoch self = producer.orElseThrow();
        int number = transaction;
        AddPartitionsToTxnTransaction one = CoordinatorFixture.oneOf(self, partition.topic(), partition.partition())
                .setTransactionalId(id);
        AddPartitionsToTxnRequest request = isOld
                ? new AddPartitionsToTxnRequest()
                        .setV3AndBelowTransactionalId(id)
                        .setV3AndBelowProducerId(self.producerId())
                        .setV3AndBelowProducerEpoch(self.epoch())
                        .setV3AndBelowTopics(one.topics())
                : new AddPartitionsToTxnRequest().setTransactions(List.of(one));
        ask(
                fixture.add(isOld ? 3 : 5, request),
                response -> onError(CoordinatorFixture.errorOf(response).code(), () -> {
                    if (partitions.append(partition, self, number)) {
                        toWrite.remove(partition);
                    } else {
                        crash();
                    }
                }));
    }

    private void end() {
        ProducerIdAndEpoch self = producer.orElseThrow();
        int number = transaction;
        boolean commit = commits;
        EndTxnRequest request = new EndTxnRequest()
                .setTransactionalId(id)
                .setProducerId(self.producerId())
                .setProducerEpoch(self.epoch())
                .setCommitted(commit);
        ask(send(request), response -> onEnded(response, self, number, commit));
        if (!isOld && shared.random.nextInt(5) == 0) {
            // The same again, when it may be long over.
            fixture.time.schedule(shared.random.nextInt(2 * TIMEOUT_MS), () -> send(request));
        }
    }

    private CompletableFuture<EndTxnResponse> send(EndTxnRequest request) {
        return fixture.coordinator
                .endTxn(CoordinatorFixture.from(isOld ? 4 : 5), request)
                .toCompletableFuture();
    }

    private void onEnded(EndTxnResponse response, ProducerIdAndEpoch self, int number, boolean commit) {
        ErrorCode error = ErrorCode.of(response.errorCode());
        if (error == ErrorCode.INVALID_TXN_STATE
                && commit
                && partitions.ends(number).isEmpty()) {
            // Nothing was written: nothing can be committed. Kafka's producer does not even ask.
            commits = false;
            return;
        }
        onError(error.code(), () -> {
            shared.acknowledged.put(number, commit ? End.COMMITTED : End.ABORTED);
            if (!isOld) {
                ProducerIdAndEpoch next = CoordinatorFixture.producerOf(response);
                assertThat(next.producerId() != self.producerId() || next.epoch() == self.epoch() + 1)
                        .isTrue();
                producer = Optional.of(next);
            }
            hasBegun = false;
        });
    }

    /** Goes on, or comes again, or starts over: sometimes as the one it was (KIP-360). */
    private void onError(short code, Runnable onNone) {
        ErrorCode error = ErrorCode.of(code);
        assertThat(error).isNotEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        if (error == ErrorCode.NONE) {
            onNone.run();
        } else if (!error.isRetriable()) {
            boolean goesOn = producer.isPresent() && !claims && shared.random.nextBoolean();
            Optional<ProducerIdAndEpoch> self = producer;
            crash();
            if (goesOn) {
                producer = self;
                claims = true;
            }
        }
    }

    private <T> void ask(CompletableFuture<T> question, Consumer<T> onAnswer) {
        CompletableFuture<Void> own = new CompletableFuture<>();
        underWay = Optional.of(own);
        question.thenAccept(answer -> {
            // Who has given up, or crashed, does not hear it.
            if (underWay.filter(waiting -> waiting == own).isPresent()) {
                onAnswer.accept(answer);
                own.complete(null);
            }
        });
    }

    /** What producers have in common. */
    static final class Shared {
        final Random random;
        final List<TopicPartition> partitions;
        final Map<Integer, End> acknowledged;
        final Set<String> given = new HashSet<>();
        int transactions;

        Shared(Random random, List<TopicPartition> partitions, Map<Integer, End> acknowledged) {
            this.random = random;
            this.partitions = partitions;
            this.acknowledged = acknowledged;
        }
    }
}
