// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static io.kaon.common.Checks.require;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.common.TopicPartition;
import io.kaon.coordinator.group.TransactionVerifier;
import io.kaon.coordinator.transaction.TransactionCoordinator;
import io.kaon.coordinator.transaction.TransactionRequest;
import io.kaon.exec.Cancellable;
import io.kaon.exec.Scheduler;
import io.kaon.metadata.InternalTopics;
import io.kaon.server.ErrorMapping;
import io.kaon.wire.message.AddPartitionsToTxnRequest;
import io.kaon.wire.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.kaon.wire.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction;
import io.kaon.wire.message.AddPartitionsToTxnResponse;
import io.kaon.wire.message.AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Asks the transaction coordinator, before records of a transaction are written to a partition, whether it knows that
 * the partition belongs to it (KIP-890): without that a late record would open a transaction that nobody ends. While the
 * transaction before this one still ends, it asks again a few times, since clients would wait longer. Any thread.
 */
public final class PartitionVerifier implements TransactionVerifier {
    /** Of AddPartitionsToTxn as brokers use it: batched, with TRANSACTION_ABORTABLE. */
    private static final short VERSION = 5;
    /** How long batches wait for the coordinator's word, before their client is told to send them again. */
    static final int ANSWER_TIMEOUT_MS = 30_000;

    private final Supplier<TransactionCoordinator> coordinator;
    private final Scheduler scheduler;
    private final Options options;

    /**
     * @param isEnabled {@code transaction.partition.verification.enable}, as it is now
     * @param retryBackoffMs {@code add.partitions.to.txn.retry.backoff.ms}: the pause between two tries
     * @param retryMaxMs {@code add.partitions.to.txn.retry.backoff.max.ms}: how long to go on trying
     */
    public record Options(BooleanSupplier isEnabled, int retryBackoffMs, int retryMaxMs) {
        public Options {
            require(
                    retryBackoffMs >= 1,
                    "add.partitions.to.txn.retry.backoff.ms must be at least 1, was %s",
                    retryBackoffMs);
            require(
                    retryMaxMs >= 0,
                    "add.partitions.to.txn.retry.backoff.max.ms must not be negative, was %s",
                    retryMaxMs);
        }
    }

    /** @param coordinator of this broker; asked for with each question, since it is made later than this */
    public PartitionVerifier(Supplier<TransactionCoordinator> coordinator, Scheduler scheduler, Options options) {
        this.coordinator = coordinator;
        this.scheduler = scheduler;
        this.options = options;
    }

    /** Whether there is anything to ask: to look may be turned off, to take the partition in may not. */
    boolean asks(VerificationMode mode) {
        return mode == VerificationMode.ADD || options.isEnabled().getAsBoolean();
    }

    /** What the coordinator says of each partition; never fails. */
    CompletionStage<Map<TopicPartition, ErrorCode>> ask(
            String transactionalId,
            ProducerIdAndEpoch producer,
            Collection<TopicPartition> partitions,
            VerificationMode mode) {
        AddPartitionsToTxnTransaction transaction = new AddPartitionsToTxnTransaction()
                .setTransactionalId(transactionalId)
                .setProducerId(producer.producerId())
                .setProducerEpoch(producer.epoch())
                .setVerifyOnly(mode != VerificationMode.ADD);
        for (Map.Entry<String, List<Integer>> topic : byTopic(partitions).entrySet()) {
            transaction
                    .topics()
                    .add(new AddPartitionsToTxnTopic().setName(topic.getKey()).setPartitions(topic.getValue()));
        }
        CompletableFuture<Map<TopicPartition, ErrorCode>> answer = new CompletableFuture<>();
        Attempt attempt = new Attempt(transaction, List.copyOf(partitions), mode, answer);
        Cancellable timeout = scheduler.schedule(
                ANSWER_TIMEOUT_MS, () -> answer.complete(attempt.all(ErrorCode.COORDINATOR_NOT_AVAILABLE)));
        ask(attempt, 0);
        return answer.whenComplete((errors, never) -> timeout.cancel());
    }

    @Override
    public CompletionStage<ErrorCode> verify(Question question) {
        VerificationMode mode = question.add() ? VerificationMode.ADD : VerificationMode.VERIFY;
        if (!asks(mode)) {
            return CompletableFuture.completedStage(ErrorCode.NONE);
        }
        TopicPartition partition = new TopicPartition(InternalTopics.CONSUMER_OFFSETS, question.partition());
        return ask(question.transactionalId(), question.producer(), List.of(partition), mode)
                .thenApply(errors -> mode.toClient(errors.get(partition)));
    }

    private void ask(Attempt attempt, int waitedMs) {
        AddPartitionsToTxnRequest request = new AddPartitionsToTxnRequest();
        request.transactions().add(attempt.transaction);
        // What the coordinator throws is an answer too: batches wait for one.
        CompletableFuture.completedStage(request)
                .thenCompose(question -> coordinator.get().addPartitions(new TransactionRequest(VERSION), question))
                .whenComplete((response, failure) -> {
                    Map<TopicPartition, ErrorCode> errors =
                            failure == null ? errors(attempt, response) : attempt.all(ErrorMapping.codeOf(failure));
                    boolean mayRetry = attempt.mode == VerificationMode.ADD && waitedMs < options.retryMaxMs();
                    if (mayRetry && errors.containsValue(ErrorCode.CONCURRENT_TRANSACTIONS)) {
                        scheduler.schedule(
                                options.retryBackoffMs(), () -> ask(attempt, waitedMs + options.retryBackoffMs()));
                    } else {
                        attempt.answer.complete(errors);
                    }
                });
    }

    private static Map<TopicPartition, ErrorCode> errors(Attempt attempt, AddPartitionsToTxnResponse response) {
        if (response.errorCode() != ErrorCode.NONE.code()) {
            return attempt.all(ErrorCode.of(response.errorCode()));
        }
        // What is not mentioned was not looked at: it must not pass for a yes.
        Map<TopicPartition, ErrorCode> errors = attempt.all(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        response.resultsByTransaction()
                .forEach(result -> result.topicResults().forEach(topic -> addResults(topic, errors)));
        return errors;
    }

    private static void addResults(AddPartitionsToTxnTopicResult topic, Map<TopicPartition, ErrorCode> to) {
        topic.resultsByPartition()
                .forEach(result -> to.put(
                        new TopicPartition(topic.name(), result.partitionIndex()),
                        ErrorCode.of(result.partitionErrorCode())));
    }

    private static Map<String, List<Integer>> byTopic(Collection<TopicPartition> partitions) {
        Map<String, List<Integer>> byTopic = new HashMap<>();
        for (TopicPartition partition : partitions) {
            byTopic.computeIfAbsent(partition.topic(), name -> new ArrayList<>())
                    .add(partition.partition());
        }
        return byTopic;
    }

    private record Attempt(
            AddPartitionsToTxnTransaction transaction,
            List<TopicPartition> partitions,
            VerificationMode mode,
            CompletableFuture<Map<TopicPartition, ErrorCode>> answer) {
        Map<TopicPartition, ErrorCode> all(ErrorCode error) {
            Map<TopicPartition, ErrorCode> errors = new HashMap<>();
            partitions.forEach(partition -> errors.put(partition, error));
            return errors;
        }
    }
}
