// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.quarkus.connector.client.Bell;
import io.kaon.quarkus.connector.client.BrokerCalls;
import io.kaon.quarkus.connector.client.Deadline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * A consumer's commits, and what is committed. Owned by the thread that polls; answers to asynchronous commits come on
 * other threads and wait for it.
 */
final class ConsumerCommits {
    private static final long RETRY_MS = 20;
    private static final int STALE_ATTEMPTS = 5;

    private final OffsetQueries offsets;
    private final Supplier<ConsumerGroupMetadata> member;
    private final BooleanSupplier isMemberNeeded;
    private final Bell bell;
    private final Consumer<Map<TopicPartition, OffsetAndMetadata>> onCommitted;
    private final LongConsumer onAnswer;
    private final Queue<Runnable> callbacks = new ConcurrentLinkedQueue<>();
    private final List<CompletableFuture<Void>> underWay = new ArrayList<>();
    private final Map<TopicPartition, Long> newest = new ConcurrentHashMap<>();
    private long count;

    /**
     * @param member who commits, as it stands
     * @param isMemberNeeded whether only a member may commit; any thread
     * @param bell rung when a callback waits
     * @param onCommitted told of each commit that the broker has taken
     * @param onAnswer told on any thread how many milliseconds a commit took
     */
    ConsumerCommits(
            OffsetQueries offsets,
            Supplier<ConsumerGroupMetadata> member,
            BooleanSupplier isMemberNeeded,
            Bell bell,
            Consumer<Map<TopicPartition, OffsetAndMetadata>> onCommitted,
            LongConsumer onAnswer) {
        this.offsets = offsets;
        this.member = member;
        this.isMemberNeeded = isMemberNeeded;
        this.bell = bell;
        this.onCommitted = onCommitted;
        this.onAnswer = onAnswer;
    }

    /** Commits and waits; failures that pass are tried again until the deadline. */
    void commit(Map<TopicPartition, OffsetAndMetadata> committed, Deadline deadline) {
        number(committed.keySet());
        retrying(deadline, "OffsetCommit", () -> send(member.get(), committed));
        onCommitted.accept(committed);
    }

    /**
     * Commits without waiting.
     *
     * @param callback run by {@link #runCallbacks()}; may be null: Kafka's API allows it
     */
    void commitAsync(Map<TopicPartition, OffsetAndMetadata> committed, OffsetCommitCallback callback) {
        Map<TopicPartition, OffsetAndMetadata> copy = Map.copyOf(committed);
        CompletableFuture<Void> commit = commitAs(member.get(), copy, number(copy.keySet()), STALE_ATTEMPTS);
        underWay.add(commit);
        commit.whenComplete((nothing, failure) -> {
            callbacks.add(() -> {
                if (failure == null) {
                    onCommitted.accept(copy);
                }
                if (callback != null) {
                    callback.onComplete(copy, reasonOf(failure));
                }
            });
            bell.ring();
        });
    }

    /** Commits have numbers, so that none that is sent again goes back behind a later one. */
    private long number(Set<TopicPartition> committed) {
        long number = ++count;
        committed.forEach(partition -> newest.put(partition, number));
        return number;
    }

    private CompletableFuture<Void> send(ConsumerGroupMetadata who, Map<TopicPartition, OffsetAndMetadata> committed) {
        boolean isOutside = who.generationId() < 0 && isMemberNeeded.getAsBoolean();
        if (isOutside && !committed.isEmpty()) {
            // The coordinator of a group that is empty by now would take it as one from outside any group.
            return CompletableFuture.failedFuture(new CommitFailedException(
                    "The consumer is not a member of group " + who.groupId() + " at the moment"));
        }
        long sentNs = System.nanoTime();
        return offsets.commit(who, committed)
                .whenComplete((nothing, failure) ->
                        onAnswer.accept(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sentNs)));
    }

    /** A commit on its way while the member went on to another epoch (KIP-848) is sent again with that one. */
    private CompletableFuture<Void> commitAs(
            ConsumerGroupMetadata who, Map<TopicPartition, OffsetAndMetadata> committed, long number, int attempts) {
        return send(who, committed)
                .handle((nothing, failure) -> {
                    ConsumerGroupMetadata now = member.get();
                    boolean isStale = reasonOf(failure) instanceof RetriableCommitFailedException
                            && now.generationId() > who.generationId();
                    if (isStale && attempts > 0) {
                        return commitAs(now, latestOf(committed, number), number, attempts - 1);
                    }
                    return failure == null
                            ? CompletableFuture.<Void>completedFuture(null)
                            : CompletableFuture.<Void>failedFuture(reasonOf(failure));
                })
                .thenCompose(Function.identity());
    }

    private Map<TopicPartition, OffsetAndMetadata> latestOf(
            Map<TopicPartition, OffsetAndMetadata> committed, long number) {
        Map<TopicPartition, OffsetAndMetadata> latest = new HashMap<>(committed);
        latest.keySet().removeIf(partition -> newest.getOrDefault(partition, number) > number);
        return latest;
    }

    private static Exception reasonOf(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause == null || cause instanceof Exception ? (Exception) cause : new KafkaException(cause);
    }

    /** What is committed for those of the partitions that have a committed offset. */
    Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> wanted, Deadline deadline) {
        return retrying(
                deadline, "OffsetFetch", () -> offsets.committed(member.get().groupId(), wanted));
    }

    /**
     * The same, asked once: a transaction may keep the answer open for longer than a poll may last.
     *
     * @throws RetriableException when it is to be asked again
     */
    Map<TopicPartition, OffsetAndMetadata> committedNow(Set<TopicPartition> wanted, Deadline deadline) {
        return BrokerCalls.await(offsets.committed(member.get().groupId(), wanted), deadline, "OffsetFetch");
    }

    /** Runs the callbacks of commits that have their answer. */
    void runCallbacks() {
        for (Runnable callback = callbacks.poll(); callback != null; callback = callbacks.poll()) {
            callback.run();
        }
        underWay.removeIf(CompletableFuture::isDone);
    }

    /** Waits for all commits that are under way, whatever becomes of them, and runs their callbacks. */
    void finish(Deadline deadline) {
        CompletableFuture<Void> all = CompletableFuture.allOf(underWay.toArray(new CompletableFuture<?>[0]))
                .exceptionally(failure -> null);
        BrokerCalls.await(all, deadline, "the last commits");
        runCallbacks();
    }

    private <T> T retrying(Deadline deadline, String what, Supplier<CompletableFuture<T>> attempt) {
        while (true) {
            try {
                return BrokerCalls.await(attempt.get(), deadline, what);
            } catch (TimeoutException e) {
                throw e;
            } catch (RetriableException e) {
                if (deadline.hasPassed()) {
                    throw e;
                }
                bell.await(RETRY_MS);
            }
        }
    }
}
