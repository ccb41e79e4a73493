// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.wire.message.DescribeProducersRequest;
import io.kaon.wire.message.DescribeProducersRequest.TopicRequest;
import io.kaon.wire.message.DescribeProducersResponse;
import io.kaon.wire.message.DescribeProducersResponse.ProducerState;
import io.kaon.wire.message.DescribeTransactionsRequest;
import io.kaon.wire.message.DescribeTransactionsResponse;
import io.kaon.wire.message.DescribeTransactionsResponse.TransactionState;
import io.kaon.wire.message.ListTransactionsRequest;
import io.kaon.wire.message.ListTransactionsResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Transactional producers, their transactions, and the producers that partitions know. Any thread. */
public final class Transactions {
    /** The states in which a transaction has records in partitions. */
    private static final Set<String> OPEN = Set.of("Ongoing", "PrepareCommit", "PrepareAbort");

    private final AdminCaller caller;

    public Transactions(AdminCaller caller) {
        this.caller = caller;
    }

    /** A transactional id in the list; {@code state} as Kafka names it, such as {@code Ongoing}. */
    public record Listing(String transactionalId, long producerId, String state) {}

    /**
     * A transactional id.
     *
     * @param startedMs when its transaction began, ms since 1970; empty while it has none
     * @param partitions which take part in the transaction
     */
    public record Transaction(
            Listing listing,
            short producerEpoch,
            int timeoutMs,
            OptionalLong startedMs,
            List<TopicPartition> partitions) {
        public Transaction {
            partitions = List.copyOf(partitions);
        }
    }

    /**
     * A producer that a partition knows.
     *
     * @param lastTimestampMs of its last batch, −1 for none
     * @param coordinatorEpoch of its last transaction's end, −1 for none
     * @param open its transaction that is open in this partition
     */
    public record Producer(
            TopicPartition partition,
            long id,
            int epoch,
            int lastSequence,
            long lastTimestampMs,
            int coordinatorEpoch,
            Optional<OpenTransaction> open) {}

    /**
     * A transaction that is open in a partition.
     *
     * @param startOffset where it begins there
     * @param isHanging whether no coordinator knows of it: nobody will end it, and consumers of committed records do not
     *     get past it
     */
    public record OpenTransaction(long startOffset, boolean isHanging) {}

    /** All transactional ids, in order. */
    public CompletionStage<List<Listing>> list() {
        return caller.call(ListTransactionsResponse.class, new ListTransactionsRequest().setDurationFilter(-1))
                .thenApply(answer -> {
                    AdminCaller.check(answer.errorCode(), null);
                    return answer.transactionStates().stream()
                            .map(found ->
                                    new Listing(found.transactionalId(), found.producerId(), found.transactionState()))
                            .sorted(Comparator.comparing(Listing::transactionalId))
                            .toList();
                });
    }

    /** Some transactional ids, in the order in which they were asked for; those that are not there are left out. */
    public CompletionStage<List<Transaction>> describe(List<String> transactionalIds) {
        if (transactionalIds.isEmpty()) {
            return CompletableFuture.completedStage(List.of());
        }
        DescribeTransactionsRequest request =
                new DescribeTransactionsRequest().setTransactionalIds(new ArrayList<>(transactionalIds));
        return caller.call(DescribeTransactionsResponse.class, request).thenApply(answer -> {
            List<Transaction> found = new ArrayList<>();
            for (TransactionState state : answer.transactionStates()) {
                if (ErrorCode.of(state.errorCode()) != ErrorCode.TRANSACTIONAL_ID_NOT_FOUND) {
                    AdminCaller.check(state.errorCode(), null);
                    found.add(toTransaction(state));
                }
            }
            return found;
        });
    }

    private static Transaction toTransaction(TransactionState state) {
        List<TopicPartition> partitions = state.topics().stream()
                .flatMap(topic -> topic.partitions().stream().map(index -> new TopicPartition(topic.topic(), index)))
                .toList();
        return new Transaction(
                new Listing(state.transactionalId(), state.producerId(), state.transactionState()),
                state.producerEpoch(),
                state.transactionTimeoutMs(),
                state.transactionStartTimeMs() >= 0 && OPEN.contains(state.transactionState())
                        ? OptionalLong.of(state.transactionStartTimeMs())
                        : OptionalLong.empty(),
                partitions);
    }

    /**
     * The producers that the partitions of a topic know.
     *
     * @param partition only this one
     */
    public CompletionStage<List<Producer>> producers(String topic, int partitions, OptionalInt partition) {
        List<Integer> asked = partition.isPresent()
                ? List.of(partition.getAsInt())
                : IntStream.range(0, partitions).boxed().toList();
        DescribeProducersRequest request = new DescribeProducersRequest()
                .setTopics(new ArrayList<>(
                        List.of(new TopicRequest().setName(topic).setPartitionIndexes(new ArrayList<>(asked)))));
        return list().thenCompose(known -> {
            Set<Long> open = known.stream()
                    .filter(listing -> OPEN.contains(listing.state()))
                    .map(Listing::producerId)
                    .collect(Collectors.toSet());
            return caller.call(DescribeProducersResponse.class, request).thenApply(answer -> producers(answer, open));
        });
    }

    private static List<Producer> producers(DescribeProducersResponse answer, Set<Long> open) {
        List<Producer> producers = new ArrayList<>();
        answer.topics().forEach(topic -> topic.partitions().forEach(partition -> {
            AdminCaller.check(partition.errorCode(), partition.errorMessage());
            for (ProducerState state : partition.activeProducers()) {
                boolean isOpen = state.currentTxnStartOffset() >= 0;
                producers.add(new Producer(
                        new TopicPartition(topic.name(), partition.partitionIndex()),
                        state.producerId(),
                        state.producerEpoch(),
                        state.lastSequence(),
                        state.lastTimestamp(),
                        state.coordinatorEpoch(),
                        isOpen
                                ? Optional.of(new OpenTransaction(
                                        state.currentTxnStartOffset(), !open.contains(state.producerId())))
                                : Optional.empty()));
            }
        }));
        return producers;
    }
}
