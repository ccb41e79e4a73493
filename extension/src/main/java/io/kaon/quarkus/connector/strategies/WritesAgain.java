// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * What becomes of a refused record that could not be written to the topic where it belongs: commits stop before it, and
 * it is written again now and then until that succeeds, its partition goes to another member, who gets it anew, or the
 * channel ends. Any thread.
 */
final class WritesAgain {
    /** The producer itself has tried for two minutes before. */
    static final Duration PAUSE = Duration.ofSeconds(10);

    private static final Logger LOG = Logger.getLogger(WritesAgain.class);

    private final Duration pause;
    private volatile boolean isClosed;

    WritesAgain(Duration pause) {
        this.pause = pause;
    }

    /**
     * @param commit what commits the record's partition
     * @param write one more attempt; acknowledges nothing
     */
    void add(ThrottledCommit commit, IncomingKafkaRecord<?, ?> record, Supplier<Uni<Void>> write) {
        commit.hold(record.getTopic(), record.getPartition(), record.getOffset());
        later(commit, record, write);
    }

    private void later(ThrottledCommit commit, IncomingKafkaRecord<?, ?> record, Supplier<Uni<Void>> write) {
        Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(pause)
                .chain(() -> isWanted(commit, record)
                        ? write.get().invoke(() -> written(commit, record))
                        : Uni.createFrom().voidItem())
                .subscribe()
                .with(done -> {}, failure -> {
                    LOG.debugf(failure, "%s-%d could still not be written", record.getTopic(), record.getPartition());
                    later(commit, record, write);
                });
    }

    private boolean isWanted(ThrottledCommit commit, IncomingKafkaRecord<?, ?> record) {
        return !isClosed && commit.isHeld(record.getTopic(), record.getPartition(), record.getOffset());
    }

    private static void written(ThrottledCommit commit, IncomingKafkaRecord<?, ?> record) {
        LOG.infof(
                "Channel '%s': the record %s-%d@%d, which could not be written before, is written now, and commits go on",
                commit.channel(), record.getTopic(), record.getPartition(), record.getOffset());
        commit.release(record.getTopic(), record.getPartition(), record.getOffset());
        commit.onAcknowledged(record);
    }

    /** The acknowledgement of a record that was refused long ago. */
    static CompletionStage<Void> nothing() {
        return CompletableFuture.completedFuture(null);
    }

    /** Nothing is written any more. */
    void close() {
        isClosed = true;
    }
}
