// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.coordinator.MemoryShardLog;
import io.kaon.coordinator.ShardClock;
import io.kaon.coordinator.ShardLog;
import io.kaon.coordinator.ShardOptions;
import io.kaon.sim.VirtualTime;
import io.kaon.wire.message.AddOffsetsToTxnRequest;
import io.kaon.wire.message.AddPartitionsToTxnRequest;
import io.kaon.wire.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.kaon.wire.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction;
import io.kaon.wire.message.AddPartitionsToTxnResponse;
import io.kaon.wire.message.DescribeTransactionsRequest;
import io.kaon.wire.message.DescribeTransactionsResponse.TransactionState;
import io.kaon.wire.message.EndTxnRequest;
import io.kaon.wire.message.EndTxnResponse;
import io.kaon.wire.message.InitProducerIdRequest;
import io.kaon.wire.message.InitProducerIdResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A coordinator whose only partition is a log in memory, virtual time, and short ways to talk to it. */
final class CoordinatorFixture {
    static final String ID = "tx";
    static final int TIMEOUT_MS = 60_000;
    static final int LATEST_INIT = 5;
    static final int LATEST_END = 5;
    static final int OLD_END = 4;
    static final int OLD_ADD = 3;
    static final int BATCHED_ADD = 5;

    final VirtualTime time = new VirtualTime(1_000_000);
    final List<Throwable> failures = new ArrayList<>();
    final MemoryShardLog log = new MemoryShardLog(failures);
    final FakeMetadata metadata =
            new FakeMetadata().level(2).topic("t", 1, 1, 2).topic("u", 2).topic("__consumer_offsets", 1, 2, 1, 2);
    final FakeLeaders leaders = new FakeLeaders();
    final MarkerSender sender;
    final List<CompletableFuture<Long>> askedIds = new ArrayList<>();
    final TransactionCoordinator coordinator;
    /** What is to run away from the owner. */
    final Deque<Runnable> background = new ArrayDeque<>();

    boolean topicExists = true;
    /** What comes of making the topic of offsets. */
    ErrorCode offsetsTopic = ErrorCode.NONE;

    boolean holdsIds;
    private long ids = 99;
    private int epoch;

    CoordinatorFixture() {
        this(TransactionOptions.DEFAULTS, ShardOptions.DEFAULTS);
    }

    CoordinatorFixture(TransactionOptions options, ShardOptions shardOptions) {
        sender = leaders;
        coordinator = coordinator(options, shardOptions);
        elect();
    }

    /** With partitions of a simulation. */
    CoordinatorFixture(Random random) {
        sender = new SimulatedPartitions(random, time);
        coordinator = coordinator(TransactionOptions.DEFAULTS, ShardOptions.DEFAULTS);
        elect();
    }

    private TransactionCoordinator coordinator(TransactionOptions options, ShardOptions shardOptions) {
        return new TransactionCoordinator(
                new TransactionPorts(
                        new TopicInMemory(),
                        sender,
                        metadata,
                        this::nextId,
                        groupId -> 3,
                        this::makeOffsetsTopic,
                        background::add),
                options,
                shardOptions,
                new ShardClock(time, time));
    }

    /** The partition is led here, in a new epoch: the coordinator loads from the log. */
    void elect() {
        coordinator.onLeader(0, ++epoch);
    }

    int epoch() {
        return epoch;
    }

    private CompletionStage<Long> nextId() {
        CompletableFuture<Long> id = new CompletableFuture<>();
        askedIds.add(id);
        if (!holdsIds) {
            id.complete(++ids);
        }
        return id;
    }

    private CompletionStage<ErrorCode> makeOffsetsTopic() {
        if (offsetsTopic == ErrorCode.NONE
                && metadata.get().topic("__consumer_offsets").isEmpty()) {
            metadata.topic("__consumer_offsets", 1, 2, 1, 2);
        }
        return CompletableFuture.completedStage(offsetsTopic);
    }

    static TransactionRequest from(int version) {
        return new TransactionRequest((short) version);
    }

    static ProducerIdAndEpoch producer(long id, int epoch) {
        return new ProducerIdAndEpoch(id, (short) epoch);
    }

    static ProducerIdAndEpoch producerOf(InitProducerIdResponse response) {
        assertThat(ErrorCode.of(response.errorCode())).isEqualTo(ErrorCode.NONE);
        return producer(response.producerId(), response.producerEpoch());
    }

    static ProducerIdAndEpoch producerOf(EndTxnResponse response) {
        assertThat(ErrorCode.of(response.errorCode())).isEqualTo(ErrorCode.NONE);
        return producer(response.producerId(), response.producerEpoch());
    }

    CompletableFuture<InitProducerIdResponse> init(int version, InitProducerIdRequest request) {
        return coordinator.initProducerId(from(version), request).toCompletableFuture();
    }

    static InitProducerIdRequest initRequest() {
        return new InitProducerIdRequest().setTransactionalId(ID).setTransactionTimeoutMs(TIMEOUT_MS);
    }

    static InitProducerIdRequest initRequest(ProducerIdAndEpoch claim) {
        return initRequest().setProducerId(claim.producerId()).setProducerEpoch(claim.epoch());
    }

    /** Who owns the id now. */
    ProducerIdAndEpoch init() {
        return producerOf(done(init(LATEST_INIT, initRequest())));
    }

    ErrorCode initError(InitProducerIdRequest request) {
        return ErrorCode.of(done(init(LATEST_INIT, request)).errorCode());
    }

    CompletableFuture<AddPartitionsToTxnResponse> add(int version, AddPartitionsToTxnRequest request) {
        return coordinator.addPartitions(from(version), request).toCompletableFuture();
    }

    static AddPartitionsToTxnRequest oldAdd(ProducerIdAndEpoch producer, String topic, Integer... partitions) {
        return new AddPartitionsToTxnRequest()
                .setV3AndBelowTransactionalId(ID)
                .setV3AndBelowProducerId(producer.producerId())
                .setV3AndBelowProducerEpoch(producer.epoch())
                .setV3AndBelowTopics(topics(topic, partitions));
    }

    static AddPartitionsToTxnTransaction oneOf(ProducerIdAndEpoch producer, String topic, Integer... partitions) {
        return new AddPartitionsToTxnTransaction()
                .setTransactionalId(ID)
                .setProducerId(producer.producerId())
                .setProducerEpoch(producer.epoch())
                .setTopics(topics(topic, partitions));
    }

    private static List<AddPartitionsToTxnTopic> topics(String topic, Integer... partitions) {
        return List.of(new AddPartitionsToTxnTopic().setName(topic).setPartitions(List.of(partitions)));
    }

    CompletableFuture<AddPartitionsToTxnResponse> addOld(
            ProducerIdAndEpoch producer, String topic, Integer... partitions) {
        return add(OLD_ADD, oldAdd(producer, topic, partitions));
    }

    /** The error of the first partition. */
    ErrorCode addedOld(ProducerIdAndEpoch producer, String topic, Integer... partitions) {
        return errorOf(done(addOld(producer, topic, partitions)));
    }

    CompletableFuture<AddPartitionsToTxnResponse> addNew(
            ProducerIdAndEpoch producer, String topic, Integer... partitions) {
        AddPartitionsToTxnRequest request =
                new AddPartitionsToTxnRequest().setTransactions(List.of(oneOf(producer, topic, partitions)));
        return add(BATCHED_ADD, request);
    }

    ErrorCode addedNew(ProducerIdAndEpoch producer, String topic, Integer... partitions) {
        return errorOf(done(addNew(producer, topic, partitions)));
    }

    ErrorCode verified(int version, ProducerIdAndEpoch producer, String topic, Integer... partitions) {
        AddPartitionsToTxnTransaction one = oneOf(producer, topic, partitions).setVerifyOnly(true);
        return errorOf(done(add(version, new AddPartitionsToTxnRequest().setTransactions(List.of(one)))));
    }

    static ErrorCode errorOf(AddPartitionsToTxnResponse response) {
        boolean isBatched = response.resultsByTopicV3AndBelow().isEmpty();
        var topics =
                isBatched ? response.resultsByTransaction().get(0).topicResults() : response.resultsByTopicV3AndBelow();
        return ErrorCode.of(topics.get(0).resultsByPartition().get(0).partitionErrorCode());
    }

    ErrorCode addOffsets(int version, ProducerIdAndEpoch producer) {
        AddOffsetsToTxnRequest request = new AddOffsetsToTxnRequest()
                .setTransactionalId(ID)
                .setProducerId(producer.producerId())
                .setProducerEpoch(producer.epoch())
                .setGroupId("group");
        return ErrorCode.of(done(coordinator.addOffsets(from(version), request)).errorCode());
    }

    CompletableFuture<EndTxnResponse> end(int version, ProducerIdAndEpoch producer, boolean commit) {
        EndTxnRequest request = new EndTxnRequest()
                .setTransactionalId(ID)
                .setProducerId(producer.producerId())
                .setProducerEpoch(producer.epoch())
                .setCommitted(commit);
        return coordinator.endTxn(from(version), request).toCompletableFuture();
    }

    ErrorCode ended(int version, ProducerIdAndEpoch producer, boolean commit) {
        return ErrorCode.of(done(end(version, producer, commit)).errorCode());
    }

    /** Ends as version 5 does, and tells who the producer is from then on. */
    ProducerIdAndEpoch commit(ProducerIdAndEpoch producer) {
        return producerOf(done(end(LATEST_END, producer, true)));
    }

    TransactionState describe() {
        return describe(ID);
    }

    TransactionState describe(String transactionalId) {
        return done(coordinator.describeTransactions(
                        new DescribeTransactionsRequest().setTransactionalIds(List.of(transactionalId))))
                .transactionStates()
                .get(0);
    }

    String state() {
        return describe().transactionState();
    }

    /** The answer, which is there. */
    <T> T done(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        assertThat(failures).isEmpty();
        assertThat(future).isCompleted();
        return future.join();
    }

    /** Lets requests that wait for an ending transaction give up. */
    void exhaustPatience() {
        time.advance(EndingWaiters.PATIENCE_MS);
    }

    private final class TopicInMemory implements TransactionsTopic {
        @Override
        public boolean exists() {
            return topicExists;
        }

        @Override
        public int partitionCount() {
            return 1;
        }

        @Override
        public CompletionStage<Void> create() {
            topicExists = true;
            elect();
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<ShardLog> open(int partition) {
            return CompletableFuture.completedStage(log);
        }
    }
}
