// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import io.kaon.quarkus.connector.strategies.PartitionProgress.Pending;
import io.kaon.quarkus.connector.strategies.TrackedPartitions.Tracked;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecordBatch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * Looks for records that the application has had for too long, and says which they are and who has them. Any thread asks
 * for {@link #trouble()}; a timer calls {@link #check()}.
 */
final class StuckRecords {
    private static final Logger LOG = Logger.getLogger(StuckRecords.class);
    /** How many stuck records of a partition are given up in one look: the next look takes the next ones. */
    private static final int MOST_GIVEN_UP = 100;

    private final ThrottledSettings settings;
    private final String reader;
    private final TrackedPartitions partitions;
    private final LongSupplier clockNs;
    private final Optional<GiveUps> giveUps;
    private final Map<TopicPartition, Long> told = new ConcurrentHashMap<>();
    /** The last record of each partition that was given up and that the application still has. */
    private final Map<TopicPartition, GivenUp> givenUp = new ConcurrentHashMap<>();

    private volatile boolean isAnyWaiting;

    /**
     * @param atNs when that was tried first
     */
    private record GivenUp(Tracked tracked, long offset, long atNs) {
        boolean isAgain(GivenUp last) {
            return last != null && last.tracked == tracked && last.offset == offset;
        }
    }

    /**
     * @param reader words for who takes the records
     * @param giveUps where stuck records go, if the channel is set to that
     */
    StuckRecords(
            ThrottledSettings settings,
            String reader,
            TrackedPartitions partitions,
            LongSupplier clockNs,
            Optional<GiveUps> giveUps) {
        this.settings = settings;
        this.reader = reader;
        this.partitions = partitions;
        this.clockNs = clockNs;
        this.giveUps = giveUps;
    }

    /** What is wrong now, in one sentence; nothing once the record has been acknowledged after all. */
    Optional<String> trouble() {
        if (settings.maxAge().isZero()) {
            return Optional.empty();
        }
        long nowNs = clockNs.getAsLong();
        return partitions.all().stream()
                .flatMap(tracked -> tracked.progress().blockingSince(limit(nowNs)).stream()
                        .map(pending -> sentence(tracked, pending, nowNs)))
                .findFirst()
                .or(() -> standstill(nowNs));
    }

    /**
     * A record that was given up lets commits pass, but not the records behind it when the method does not return. Then the
     * channel stands still, and nobody would see it.
     */
    private Optional<String> standstill(long nowNs) {
        return givenUp.values().stream()
                .filter(given -> given.atNs() - limit(nowNs) < 0)
                .flatMap(given -> standstill(given).stream())
                .findFirst();
    }

    private Optional<String> standstill(GivenUp given) {
        PartitionProgress<?> progress = given.tracked().progress();
        String record = "The record " + given.tracked().id() + "@" + given.offset();
        if (progress.isPending(given.offset())) {
            return Optional.of(record + " is neither acknowledged by " + reader + " nor could it be written to the "
                    + "dead letter topic so far. Nothing behind it is committed.");
        }
        if (progress.isHeadWaiting() || (isAnyWaiting && !isAnyDispatchedSince(given.atNs()))) {
            return Optional.of(record + " went to the dead letter topic, but " + reader + " has not come back from it. "
                    + "Records wait behind it, and none has been given to the application since; restart it if the "
                    + "method never ends.");
        }
        return Optional.empty();
    }

    private boolean isAnyDispatchedSince(long sinceNs) {
        return partitions.all().stream().anyMatch(tracked -> tracked.progress().isDispatchedSince(sinceNs));
    }

    /** The application is done with a record after all. */
    void ended(TopicPartition partition, long offset) {
        if (!givenUp.isEmpty()) {
            givenUp.computeIfPresent(partition, (id, given) -> given.offset() == offset ? null : given);
        }
    }

    /** Whether the application has records that were given up. */
    boolean hasGivenUp() {
        givenUp.values().removeIf(given -> !partitions.isTracked(given.tracked()));
        return !givenUp.isEmpty();
    }

    /** Looks whether there are records that the application has not got yet. On the thread that polls. */
    void look(Consumer<?, ?> client) {
        isAnyWaiting = partitions.all().stream()
                .anyMatch(tracked -> tracked.progress().isBehind(client.position(tracked.id())));
    }

    /** Tells of stuck records once, and gives them up where the channel is set to that. */
    void check() {
        if (settings.maxAge().isZero()) {
            return;
        }
        long nowNs = clockNs.getAsLong();
        for (Tracked tracked : partitions.all()) {
            if (giveUps.isPresent()) {
                giveUp(tracked, nowNs, giveUps.get());
            } else {
                tracked.progress().blockingSince(limit(nowNs)).ifPresent(pending -> tell(tracked, pending, nowNs));
            }
        }
    }

    private void tell(Tracked tracked, Pending<Message<?>> pending, long nowNs) {
        Long before = told.put(tracked.id(), pending.offset());
        if (before == null || before != pending.offset()) {
            LOG.warnf("Channel '%s': %s", settings.channel(), sentence(tracked, pending, nowNs));
        }
    }

    private void giveUp(Tracked tracked, long nowNs, GiveUps deadLetters) {
        for (Pending<Message<?>> pending : tracked.progress().takeOlder(limit(nowNs), nowNs, MOST_GIVEN_UP)) {
            String reason = sentence(tracked, pending, nowNs);
            LOG.warnf("Channel '%s': %s It goes to the dead letter topic.", settings.channel(), reason);
            GivenUp given = new GivenUp(tracked, pending.offset(), nowNs);
            givenUp.compute(tracked.id(), (id, last) -> given.isAgain(last) ? last : given);
            UnacknowledgedRecordException failure = new UnacknowledgedRecordException(reason);
            for (IncomingKafkaRecord<?, ?> record : recordsOf(tracked.id(), pending.record())) {
                deadLetters.write(record, failure, () -> tracked.progress().processed(record.getOffset()));
            }
        }
    }

    void close() {
        giveUps.ifPresent(GiveUps::close);
    }

    private static List<IncomingKafkaRecord<?, ?>> recordsOf(TopicPartition partition, Message<?> message) {
        if (message instanceof IncomingKafkaRecordBatch<?, ?> batch) {
            return batch.getRecords().stream()
                    .filter(record -> record.getPartition() == partition.partition()
                            && record.getTopic().equals(partition.topic()))
                    .<IncomingKafkaRecord<?, ?>>map(record -> record.unwrap(IncomingKafkaRecord.class))
                    .toList();
        }
        return List.of((IncomingKafkaRecord<?, ?>) message);
    }

    private String sentence(Tracked tracked, Pending<Message<?>> pending, long nowNs) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nowNs - pending.dispatchedNs());
        return "The record " + tracked.id() + "@" + pending.offset() + " (" + keyOf(pending.record())
                + ") was given to " + reader + " " + seconds + " s ago and is not acknowledged yet. "
                + "Nothing behind it is committed; " + tracked.progress().unprocessed()
                + " records of its partition are under way.";
    }

    /** The type alone: contents belong into no log. */
    private static String keyOf(Message<?> message) {
        if (message instanceof IncomingKafkaRecordBatch<?, ?> batch) {
            return "the last of a batch of " + batch.getRecords().size();
        }
        Object key = ((IncomingKafkaRecord<?, ?>) message).getKey();
        return key == null ? "without a key" : "key of type " + key.getClass().getName();
    }

    private long limit(long nowNs) {
        return nowNs - settings.maxAge().toNanos();
    }
}
