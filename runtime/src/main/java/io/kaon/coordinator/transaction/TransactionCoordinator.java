// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.ErrorCode;
import io.kaon.common.Gather;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.common.TopicPartition;
import io.kaon.coordinator.ShardClock;
import io.kaon.coordinator.ShardKind;
import io.kaon.coordinator.ShardOptions;
import io.kaon.coordinator.ShardRuntime;
import io.kaon.metadata.Feature;
import io.kaon.metadata.InternalTopics;
import io.kaon.wire.message.AddOffsetsToTxnRequest;
import io.kaon.wire.message.AddOffsetsToTxnResponse;
import io.kaon.wire.message.AddPartitionsToTxnRequest;
import io.kaon.wire.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction;
import io.kaon.wire.message.AddPartitionsToTxnResponse;
import io.kaon.wire.message.AddPartitionsToTxnResponse.AddPartitionsToTxnResult;
import io.kaon.wire.message.DescribeTransactionsRequest;
import io.kaon.wire.message.DescribeTransactionsResponse;
import io.kaon.wire.message.EndTxnRequest;
import io.kaon.wire.message.EndTxnResponse;
import io.kaon.wire.message.InitProducerIdRequest;
import io.kaon.wire.message.InitProducerIdResponse;
import io.kaon.wire.message.ListTransactionsRequest;
import io.kaon.wire.message.ListTransactionsResponse;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The transaction coordinator of this broker: takes each request to the shard of its transactional id. Every method is
 * for any thread; answers complete inside a shard's owner or elsewhere, so the caller hops to where it belongs.
 * Authorisation, and refusing partitions that do not exist, are the caller's.
 *
 * <p>Every refusal is a typed error that Kafka's producers know how to take. The topic is made on first use: by
 * {@link #ensureTopic} (FindCoordinator) or by the first InitProducerId.
 */
public final class TransactionCoordinator {
    /** From here on a fenced producer hears PRODUCER_FENCED (KIP-588). */
    private static final int INIT_WITH_PRODUCER_FENCED = 4;

    private static final int ADD_OFFSETS_WITH_PRODUCER_FENCED = 2;
    private static final int END_WITH_PRODUCER_FENCED = 2;
    /** From here on the answer tells the producer's next epoch (KIP-890). */
    private static final int END_WITH_EPOCH = 5;
    /** What the record of a transaction holds beside its id and partitions, and what a batch adds: more than enough. */
    private static final int BYTES_BESIDE_PARTITIONS = 1_024;

    private final TransactionPorts ports;
    private final TransactionOptions options;
    private final ShardClock time;
    private final int maxBatchBytes;
    private final ShardRuntime<TransactionRecord, TransactionShard> shards;

    /** @param ports the broker around it */
    public TransactionCoordinator(
            TransactionPorts ports, TransactionOptions options, ShardOptions shardOptions, ShardClock time) {
        this.ports = ports;
        this.options = options;
        this.time = time;
        this.maxBatchBytes = shardOptions.maxBatchBytes();
        this.shards = new ShardRuntime<>(
                new ShardKind<TransactionRecord, TransactionShard>(
                        TransactionsTopic.NAME,
                        new TransactionRecordCodec(this::level),
                        (writer, timers, timeline, owner) -> new TransactionShard(
                                new TransactionContext(options, ports, time.clock(), timers, writer), timeline),
                        time,
                        shardOptions),
                ports.topic()::open);
    }

    private short level() {
        return Feature.TRANSACTION_VERSION.levelIn(ports.metadata().get());
    }

    /**
     * The partition of {@code __transaction_state} whose leader coordinates the transactional id: where Kafka would
     * keep it too.
     */
    public int partitionFor(String transactionalId) {
        return ports.topic().partitionFor(transactionalId);
    }

    /** This broker leads a partition of the topic from now on. Markers carry the epoch of this leadership. */
    public void onLeader(int partition, int leaderEpoch) {
        shards.onLeader(partition, leaderEpoch);
    }

    /** This broker does not lead that partition any more: its producers look for another coordinator. */
    public void onResigned(int partition) {
        shards.onResigned(partition);
    }

    /** Ends every shard; whoever waits hears NOT_COORDINATOR, and no marker is sent any more. */
    public void close() {
        shards.close();
    }

    /** Makes the topic if it is not there. NONE when it is, COORDINATOR_NOT_AVAILABLE when it could not be made now. */
    public CompletionStage<ErrorCode> ensureTopic() {
        return ports.topic().ensure();
    }

    /** Api 22 with a transactional id. Two-phase commits (version 6) are not served. */
    public CompletionStage<InitProducerIdResponse> initProducerId(
            TransactionRequest from, InitProducerIdRequest request) {
        Optional<ProducerIdAndEpoch> claimed = request.producerId() == ProducerIdentity.NO_ID
                ? Optional.empty()
                : Optional.of(new ProducerIdAndEpoch(request.producerId(), request.producerEpoch()));
        ErrorCode refusal = refusal(request, claimed.isPresent());
        CompletionStage<Reply> reply = refusal == ErrorCode.NONE
                ? ensureTopic()
                        .thenCompose(error -> error == ErrorCode.NONE
                                ? ask(
                                        request.transactionalId(),
                                        new InitProducer(request.transactionTimeoutMs(), claimed, level()))
                                : now(error))
                : now(refusal);
        return reply.thenApply(result -> new InitProducerIdResponse()
                .setErrorCode(TransactionErrors.known(result.error(), from.version(), INIT_WITH_PRODUCER_FENCED)
                        .code())
                .setProducerId(result.producer().producerId())
                .setProducerEpoch(result.producer().epoch()));
    }

    private ErrorCode refusal(InitProducerIdRequest request, boolean hasId) {
        boolean hasEpoch = request.producerEpoch() != ProducerIdentity.NO_EPOCH;
        if (request.transactionalId() == null || request.transactionalId().isEmpty() || hasId != hasEpoch) {
            return ErrorCode.INVALID_REQUEST;
        }
        return request.transactionTimeoutMs() >= 1 && request.transactionTimeoutMs() <= options.maxTimeoutMs()
                ? ErrorCode.NONE
                : ErrorCode.INVALID_TRANSACTION_TIMEOUT;
    }

    /** Api 24: one transaction up to version 3, several from 4 on, to be changed or only to be looked at. */
    public CompletionStage<AddPartitionsToTxnResponse> addPartitions(
            TransactionRequest from, AddPartitionsToTxnRequest request) {
        AddPartitionsShape shape = new AddPartitionsShape(from.version());
        return Gather.forEach(shape.transactionsOf(request), one -> addPartitions(shape, one))
                .thenApply(shape::response);
    }

    private CompletionStage<AddPartitionsToTxnResult> addPartitions(
            AddPartitionsShape shape, AddPartitionsToTxnTransaction one) {
        ProducerIdAndEpoch producer = AddPartitionsShape.producerOf(one);
        String id = one.transactionalId();
        if (!AddPartitionsShape.isSound(one)) {
            return CompletableFuture.completedStage(shape.answer(one, ErrorCode.INVALID_REQUEST));
        }
        SortedSet<TopicPartition> partitions = AddPartitionsShape.partitionsOf(one);
        if (one.verifyOnly()) {
            return inShard(
                            id,
                            shard -> shard.check(id, new PartitionCheck(producer), partitions),
                            PartitionCheck.Result::failed)
                    .thenApply(checked -> shape.answer(one, checked));
        }
        return ask(id, new AddPartitions(producer, partitions, shape.clientVersion(), maxPartitionBytes(id)))
                .thenApply(reply -> shape.answer(one, reply.error()));
    }

    /** Api 25: the transaction will commit offsets of the group. Their topic is made first: it gets a marker later. */
    public CompletionStage<AddOffsetsToTxnResponse> addOffsets(
            TransactionRequest from, AddOffsetsToTxnRequest request) {
        return ports.offsetsTopic()
                .get()
                .thenCompose(error -> error == ErrorCode.NONE ? addPartitionOf(request) : now(error))
                .thenApply(reply -> new AddOffsetsToTxnResponse()
                        .setErrorCode(
                                TransactionErrors.known(reply.error(), from.version(), ADD_OFFSETS_WITH_PRODUCER_FENCED)
                                        .code()));
    }

    private CompletionStage<Reply> addPartitionOf(AddOffsetsToTxnRequest request) {
        SortedSet<TopicPartition> partition = new TreeSet<>();
        partition.add(new TopicPartition(
                InternalTopics.CONSUMER_OFFSETS, ports.groupPartition().applyAsInt(request.groupId())));
        ProducerIdAndEpoch producer = new ProducerIdAndEpoch(request.producerId(), request.producerEpoch());
        String id = request.transactionalId();
        return ask(id, new AddPartitions(producer, partition, (short) 0, maxPartitionBytes(id)));
    }

    /** Api 26. Answered when the decision is committed; the partitions hear of it right after. */
    public CompletionStage<EndTxnResponse> endTxn(TransactionRequest from, EndTxnRequest request) {
        ProducerIdAndEpoch producer = new ProducerIdAndEpoch(request.producerId(), request.producerEpoch());
        short clientVersion = from.version() >= END_WITH_EPOCH ? Transaction.EPOCH_PER_TRANSACTION : 0;
        return ask(request.transactionalId(), new EndTransaction(producer, request.committed(), clientVersion))
                .thenApply(reply -> new EndTxnResponse()
                        .setErrorCode(TransactionErrors.known(reply.error(), from.version(), END_WITH_PRODUCER_FENCED)
                                .code())
                        .setProducerId(reply.producer().producerId())
                        .setProducerEpoch(reply.producer().epoch()));
    }

    /** Api 66: the transactional ids that this broker coordinates; the caller leaves out what may not be seen. */
    public CompletionStage<ListTransactionsResponse> listTransactions(ListTransactionsRequest request) {
        Optional<TransactionFilter> filter = TransactionFilter.of(request);
        if (filter.isEmpty()) {
            return CompletableFuture.completedStage(
                    new ListTransactionsResponse().setErrorCode(ErrorCode.INVALID_REGULAR_EXPRESSION.code()));
        }
        long nowMs = time.clock().wallMs();
        return Gather.forEach(
                        shards.partitions(),
                        partition -> shards.ask(
                                partition,
                                shard -> CompletableFuture.completedStage(new ListTransactionsResponse()
                                        .setTransactionStates(shard.views().list(filter.get(), nowMs))),
                                error -> new ListTransactionsResponse().setErrorCode(error.code())))
                .thenApply(parts -> merged(parts).setUnknownStateFilters(TransactionFilter.unknownStates(request)))
                .thenCompose(all -> filter.get().pattern().isEmpty()
                        ? CompletableFuture.completedStage(all)
                        : matching(all, filter.get().pattern().get()));
    }

    /** Away from the owner, which others wait for. */
    private CompletionStage<ListTransactionsResponse> matching(ListTransactionsResponse all, IdPattern pattern) {
        return CompletableFuture.supplyAsync(
                () -> {
                    all.transactionStates().removeIf(one -> !pattern.test(one.transactionalId()));
                    return all;
                },
                ports.background());
    }

    private static ListTransactionsResponse merged(List<ListTransactionsResponse> parts) {
        ListTransactionsResponse merged = new ListTransactionsResponse();
        for (ListTransactionsResponse part : parts) {
            if (part.errorCode() == ErrorCode.NONE.code()) {
                merged.transactionStates().addAll(part.transactionStates());
            } else if (part.errorCode() != ErrorCode.NOT_COORDINATOR.code()) {
                return new ListTransactionsResponse().setErrorCode(part.errorCode());
            }
        }
        return merged;
    }

    /** Api 65. The caller leaves out topics that may not be seen. */
    public CompletionStage<DescribeTransactionsResponse> describeTransactions(DescribeTransactionsRequest request) {
        return Gather.forEach(request.transactionalIds(), this::describe)
                .thenApply(states -> new DescribeTransactionsResponse().setTransactionStates(states));
    }

    private CompletionStage<DescribeTransactionsResponse.TransactionState> describe(String id) {
        return inShard(
                id,
                shard -> CompletableFuture.completedStage(shard.views().describe(id)),
                error -> TransactionViews.failed(id, error));
    }

    private CompletionStage<Reply> ask(String transactionalId, Question question) {
        return inShard(transactionalId, shard -> shard.ask(transactionalId, question), Reply::failed);
    }

    private <T> CompletionStage<T> inShard(
            String transactionalId,
            Function<TransactionShard, CompletionStage<T>> question,
            Function<ErrorCode, T> failure) {
        return transactionalId.isEmpty()
                ? CompletableFuture.completedStage(failure.apply(ErrorCode.INVALID_REQUEST))
                : shards.ask(partitionFor(transactionalId), question, failure);
    }

    private int maxPartitionBytes(String transactionalId) {
        return maxBatchBytes - BYTES_BESIDE_PARTITIONS - TransactionRecord.maxBytesOfId(transactionalId);
    }

    private static CompletionStage<Reply> now(ErrorCode error) {
        return CompletableFuture.completedStage(Reply.failed(error));
    }
}
