// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import io.kaon.quarkus.connector.attributes.GracePeriod;
import io.kaon.quarkus.connector.client.Bell;
import io.kaon.quarkus.connector.client.Deadline;
import io.kaon.quarkus.connector.incoming.FastCommit;
import io.kaon.quarkus.connector.strategies.TrackedPartitions.Tracked;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecordBatch;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * The commit strategy {@code throttled}: now and then it commits, for each partition, the offset below which everything is
 * processed. Acknowledgements come in any order and on any thread; none of them waits for the broker.
 *
 * <p>What is acknowledged is also committed before a partition goes to another member, and at the end; never past a record
 * that is not acknowledged, never back, and never for a partition that was lost (the group has gone on without this
 * member, so the offset may be another's by now).
 */
final class ThrottledCommit implements KafkaCommitHandler, FastCommit {
    private static final Logger LOG = Logger.getLogger(ThrottledCommit.class);
    /** A rebalance of the whole group waits for the commit before it. */
    static final Duration SYNC_COMMIT_TIMEOUT = Duration.ofSeconds(5);
    /**
     * How long a partition that goes to another member waits for what the application has of it: most methods are done by
     * then, and what they have processed does not come again. The group waits, too, so it is no more.
     */
    static final Duration RELEASE_TIMEOUT = Duration.ofMillis(500);
    /** How many records of a partition may be under way before the channel stops: each holds memory. */
    static final int MOST_UNPROCESSED = 1 << 20;

    private final ThrottledSettings settings;
    private final Vertx vertx;
    private final KafkaConsumer<?, ?> consumer;
    private final BiConsumer<Throwable, Boolean> reportFailure;
    private final TrackedPartitions partitions;
    private final StuckRecords stuck;
    private final Optional<OrderedTurns> ordered;
    private final LongSupplier clockNs;
    private volatile OptionalLong timerId = OptionalLong.empty();
    private final AtomicBoolean isCommitting = new AtomicBoolean();
    private final AtomicBoolean isOverflowing = new AtomicBoolean();
    private volatile Optional<CompletableFuture<Void>> drained = Optional.empty();
    private final Bell released = new Bell();
    private volatile boolean isReleasing;
    private volatile boolean isEnding;

    /**
     * @param reportFailure tells the channel of a failure, and whether it ends the channel
     * @param clockNs monotonous
     */
    ThrottledCommit(
            ThrottledSettings settings,
            Vertx vertx,
            KafkaConsumer<?, ?> consumer,
            BiConsumer<Throwable, Boolean> reportFailure,
            TrackedPartitions partitions,
            StuckRecords stuck,
            LongSupplier clockNs) {
        this.settings = settings;
        this.vertx = vertx;
        this.consumer = consumer;
        this.reportFailure = reportFailure;
        this.partitions = partitions;
        this.stuck = stuck;
        this.ordered = settings.order().map(OrderedTurns::new);
        this.clockNs = clockNs;
    }

    /** From now on it commits by time. */
    void start() {
        timerId = OptionalLong.of(vertx.setPeriodic(settings.commitInterval().toMillis(), id -> onInterval()));
    }

    String channel() {
        return settings.channel();
    }

    KafkaConsumer<?, ?> consumer() {
        return consumer;
    }

    /** What is wrong with the channel now: a record that the application does not acknowledge. */
    Optional<String> trouble() {
        return stuck.trouble();
    }

    // --- records

    /**
     * With {@code throttled.ordered}, a record waits for the one before it of its key or partition, and others overtake it.
     * It counts as not processed from its arrival on, so no commit goes past it.
     */
    @Override
    public <K, V> Multi<IncomingKafkaRecord<K, V>> decorateStream(Multi<IncomingKafkaRecord<K, V>> consumed) {
        if (ordered.isEmpty()) {
            return consumed;
        }
        OrderedTurns turns = ordered.get();
        return consumed.onItem()
                .invoke(this::onArrived)
                .onItem()
                .transformToUni(turns::turn)
                .merge(turns.mostRecords());
    }

    private void onArrived(IncomingKafkaRecord<?, ?> record) {
        partitions.findOrTrack(record.getTopic(), record.getPartition()).ifPresent(tracked -> tracked.progress()
                .arrived(record.getOffset(), record));
    }

    @Override
    public <K, V> Uni<IncomingKafkaRecord<K, V>> received(IncomingKafkaRecord<K, V> record) {
        onReceived(record);
        return Uni.createFrom().item(record);
    }

    @Override
    public void onReceived(IncomingKafkaRecord<?, ?> record) {
        onReceived(record, record);
    }

    /** The batch is held whole: when it takes too long, all of it may have to be written elsewhere. */
    @Override
    public void onReceived(IncomingKafkaRecordBatch<?, ?> batch) {
        batch.getLatestOffsetRecords()
                .values()
                .forEach(latest -> onReceived(latest.unwrap(IncomingKafkaRecord.class), batch));
    }

    private void onReceived(IncomingKafkaRecord<?, ?> record, Message<?> held) {
        Optional<Tracked> tracked = partitions.findOrTrack(record.getTopic(), record.getPartition());
        if (tracked.isPresent()) {
            int unprocessed = tracked.get().progress().dispatched(record.getOffset(), held, clockNs.getAsLong());
            if (unprocessed > MOST_UNPROCESSED && isOverflowing.compareAndSet(false, true)) {
                reportFailure.accept(
                        new IllegalStateException("The channel '" + channel() + "' stops: more than "
                                + MOST_UNPROCESSED + " records of "
                                + tracked.get().id()
                                + " are not acknowledged. Does the application acknowledge what it has processed?"),
                        true);
            }
        }
    }

    @Override
    public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record) {
        onAcknowledged(record);
        return Uni.createFrom().voidItem().runSubscriptionOn(record::runOnMessageContext);
    }

    @Override
    public boolean onAcknowledged(IncomingKafkaRecord<?, ?> record) {
        onProcessed(record);
        ordered.ifPresent(turns -> turns.ended(record)); // Also of partitions that are gone: others wait behind.
        return true;
    }

    private void onProcessed(IncomingKafkaRecord<?, ?> record) {
        Optional<Tracked> tracked = partitions.find(record.getTopic(), record.getPartition());
        if (tracked.isEmpty()) {
            LOG.debugf(
                    "Channel '%s': %s-%d@%d is acknowledged, but its partition has been revoked: who has it now gets "
                            + "the record again",
                    channel(), record.getTopic(), record.getPartition(), record.getOffset());
            return;
        }
        tracked.get().progress().processed(record.getOffset());
        if (isReleasing) {
            released.ring();
        }
        stuck.ended(tracked.get().id(), record.getOffset());
        drained.filter(end -> partitions.unprocessed() == 0).ifPresent(end -> end.complete(null));
    }

    /** Lets no commit go past a record that could neither be processed nor kept anywhere else. */
    void hold(String topic, int partition, long offset) {
        partitions.find(topic, partition).ifPresent(tracked -> tracked.progress()
                .hold(offset));
    }

    /** Whether commits wait for that record; not any more when its partition has gone. */
    boolean isHeld(String topic, int partition, long offset) {
        return partitions
                .find(topic, partition)
                .filter(tracked -> tracked.progress().isHeld(offset))
                .isPresent();
    }

    /** The record is safe after all. */
    void release(String topic, int partition, long offset) {
        partitions.find(topic, partition).ifPresent(tracked -> tracked.progress()
                .release(offset));
    }

    // --- commits by time

    /** Commits without waiting, and looks for records that are stuck. */
    void onInterval() {
        if (isCommitting.compareAndSet(false, true)) {
            commitProcessed()
                    .ifNoItem()
                    .after(settings.apiTimeout())
                    .fail()
                    .subscribe()
                    .with(nothing -> isCommitting.set(false), this::onCommitFailure);
        }
        stuck.check();
        if (stuck.hasGivenUp()) {
            consumer.runOnPollingThread(stuck::look)
                    .subscribe()
                    .with(nothing -> {}, failure -> LOG.debugf("Channel '%s': %s", channel(), failure));
        }
    }

    private Uni<Void> commitProcessed() {
        List<Tracked> ready = ready(partitions.all());
        if (ready.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        TopicPartition[] unknown = unknown(ready).toArray(TopicPartition[]::new);
        Uni<Void> known = unknown.length == 0
                ? Uni.createFrom().voidItem()
                : consumer.committed(unknown)
                        .invoke(committed -> onCommittedKnown(ready, committed))
                        .replaceWithVoid();
        return known.chain(() -> consumer.runOnPollingThread(client -> {
                    return commitAsync(client, ready);
                }))
                .chain(committed -> Uni.createFrom().completionStage(committed));
    }

    /**
     * Decided on the thread that polls, where rebalances happen: what was ready a moment ago may be another member's by
     * now, and the group would take the commit.
     */
    private CompletionStage<Void> commitAsync(Consumer<?, ?> client, List<Tracked> ready) {
        List<Tracked> still = ready.stream().filter(partitions::isTracked).toList();
        Map<TopicPartition, OffsetAndMetadata> offsets = offsets(still);
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (offsets.isEmpty()) {
            done.complete(null);
            return done;
        }
        client.commitAsync(offsets, (committed, failure) -> {
            if (failure != null) {
                done.completeExceptionally(failure);
            } else {
                onCommitted(still, offsets);
                done.complete(null);
            }
        });
        return done;
    }

    private void onCommitFailure(Throwable failure) {
        isCommitting.set(false);
        Logger.Level level = failure instanceof RebalanceInProgressException ? Logger.Level.DEBUG : Logger.Level.WARN;
        LOG.logf(
                level,
                "Channel '%s' could not commit, and tries again in %d ms: %s",
                channel(),
                settings.commitInterval().toMillis(),
                failure);
    }

    private static List<Tracked> ready(Collection<Tracked> candidates) {
        return candidates.stream()
                .filter(Tracked::isCommitted)
                .filter(tracked -> tracked.progress().toCommit().isPresent())
                .toList();
    }

    private static List<TopicPartition> unknown(List<Tracked> ready) {
        return ready.stream()
                .filter(tracked -> !tracked.progress().isCommittedKnown())
                .map(Tracked::id)
                .toList();
    }

    private static void onCommittedKnown(List<Tracked> asked, Map<TopicPartition, OffsetAndMetadata> committed) {
        for (Tracked tracked : asked) {
            OffsetAndMetadata offset = committed.get(tracked.id());
            if (committed.containsKey(tracked.id())) {
                tracked.progress()
                        .onCommittedKnown(offset == null ? OptionalLong.empty() : OptionalLong.of(offset.offset()));
            }
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(List<Tracked> ready) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (Tracked tracked : ready) {
            OptionalLong offset =
                    tracked.progress().isCommittedKnown() ? tracked.progress().toCommit() : OptionalLong.empty();
            offset.ifPresent(next -> offsets.put(tracked.id(), new OffsetAndMetadata(next)));
        }
        return offsets;
    }

    private void onCommitted(List<Tracked> ready, Map<TopicPartition, OffsetAndMetadata> offsets) {
        LOG.debugf("Channel '%s' has committed %s", channel(), offsets);
        for (Tracked tracked : ready) {
            Optional.ofNullable(offsets.get(tracked.id()))
                    .ifPresent(offset -> tracked.progress().onCommitted(offset.offset()));
        }
    }

    // --- rebalances; the thread that polls

    @Override
    public void partitionsAssigned(Collection<TopicPartition> assigned) {
        partitions.assigned(assigned);
        if (settings.explainsLatest() && !assigned.isEmpty()) {
            Consumer<?, ?> client = consumer.unwrap();
            LatestStart.look(channel(), client.groupMetadata().groupId(), client, assigned);
        }
    }

    @Override
    public void partitionsRevoked(Collection<TopicPartition> revoked) {
        Consumer<?, ?> client = consumer.unwrap();
        boolean isLost = client.groupMetadata().generationId() < 0;
        List<Runnable> waiting = ordered.map(turns -> turns.forget(revoked)).orElse(List.of());
        if (!isLost && !isEnding) {
            awaitInHand(revoked);
        }
        List<Tracked> given = partitions.remove(revoked);
        waiting.forEach(Runnable::run); // Now no commit can take them for processed.
        if (isLost) {
            LOG.debugf("Channel '%s' has lost %s: nothing is committed for them", channel(), revoked);
            return;
        }
        try {
            commitNow(client, given);
        } catch (KafkaException e) {
            LOG.warnf(
                    "Channel '%s' could not commit before it gave up %s; records that it has processed come again: %s",
                    channel(), revoked, e.toString());
        }
    }

    private void awaitInHand(Collection<TopicPartition> revoked) {
        List<Tracked> leaving = revoked.stream()
                .flatMap(id -> partitions.find(id.topic(), id.partition()).stream())
                .toList();
        boolean isPatient = settings.gracePeriod().compareTo(RELEASE_TIMEOUT) > 0;
        Deadline deadline = Deadline.in(isPatient ? RELEASE_TIMEOUT : settings.gracePeriod());
        isReleasing = true;
        while (leaving.stream().anyMatch(tracked -> tracked.progress().isAnyDispatched()) && !deadline.hasPassed()) {
            released.await(Math.max(1, deadline.leftMs()));
        }
        isReleasing = false;
    }

    private void commitNow(Consumer<?, ?> client, List<Tracked> given) {
        List<Tracked> ready = ready(given);
        List<TopicPartition> unknown = unknown(ready);
        if (!unknown.isEmpty()) {
            onCommittedKnown(ready, client.committed(Set.copyOf(unknown), SYNC_COMMIT_TIMEOUT));
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = offsets(ready);
        if (!offsets.isEmpty()) {
            client.commitSync(offsets, SYNC_COMMIT_TIMEOUT);
            onCommitted(ready, offsets);
        }
    }

    // --- the end

    /**
     * Waits for what the application has, if that is wanted, and commits. What is acknowledged between this commit and the
     * end of the consumer is committed when its partitions are revoked.
     */
    @Override
    public void terminate(boolean graceful) {
        timerId.ifPresent(vertx::cancelTimer);
        isEnding = true; // Partitions are given up without another wait.
        if (graceful) {
            awaitApplication();
        }
        List<Tracked> all = partitions.all();
        try {
            if (!ready(all).isEmpty()) {
                consumer.runOnPollingThread(client -> {
                            commitNow(client, all);
                        })
                        .await()
                        .atMost(SYNC_COMMIT_TIMEOUT.multipliedBy(2));
            }
        } catch (RuntimeException e) {
            LOG.warnf(
                    "Channel '%s' could not commit at its end; records that it has processed come again: %s",
                    channel(), e.toString());
        } finally {
            stuck.close();
        }
    }

    private void awaitApplication() {
        CompletableFuture<Void> end = new CompletableFuture<>();
        drained = Optional.of(end);
        long left = partitions.unprocessed();
        if (left == 0) {
            return;
        }
        LOG.infof(
                "Channel '%s' waits up to %d ms for %d records that the application has",
                channel(), settings.gracePeriod().toMillis(), left);
        try {
            end.get(settings.gracePeriod().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warnf(
                    "Channel '%s' ends while the application has %d records that it has not acknowledged: they come "
                            + "again. More time is given by %s",
                    channel(), partitions.unprocessed(), GracePeriod.ATTRIBUTE);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Nobody fails it", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
