// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Sends records that the application does not come to an end with to the dead letter topic. Most channels never need it, so
 * the producer is made with the first one, on a worker thread, where all calls run one after the other.
 */
final class GiveUps {
    private static final Logger LOG = Logger.getLogger(GiveUps.class);

    private final Vertx vertx;
    private final Supplier<DeadLetterQueue> open;
    private Optional<DeadLetterQueue> deadLetters = Optional.empty();
    private boolean isClosed;

    GiveUps(Vertx vertx, Supplier<DeadLetterQueue> open) {
        this.vertx = vertx;
        this.open = open;
    }

    /**
     * Nobody waits for it: when it fails, the record is still there, and its turn comes again.
     *
     * @param written lets commits go past the record
     */
    void write(IncomingKafkaRecord<?, ?> record, Throwable reason, Runnable written) {
        Supplier<CompletionStage<Void>> acknowledge = () -> {
            written.run();
            return CompletableFuture.completedFuture(null);
        };
        Callable<DeadLetterQueue> queue = this::queue;
        vertx.executeBlocking(queue, false)
                .onSuccess(opened ->
                        opened.giveUp(record, reason, acknowledge).subscribe().with(nothing -> {}, failure -> {}))
                .onFailure(failure -> LOG.errorf(failure, "The dead letter topic cannot be written to"));
    }

    private synchronized DeadLetterQueue queue() {
        if (isClosed) {
            throw new IllegalStateException("The channel has ended");
        }
        if (deadLetters.isEmpty()) {
            deadLetters = Optional.of(open.get());
        }
        return deadLetters.get();
    }

    synchronized void close() {
        isClosed = true;
        deadLetters.ifPresent(DeadLetterQueue::terminate);
    }
}
