// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.operators.multi.processors.UnicastProcessor;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Writes records that could not be processed to another topic, through an outgoing channel that belongs to their own. Any
 * thread.
 */
final class FailedRecordSink {
    private final UnicastProcessor<Message<?>> messages;
    private final Runnable close;

    /**
     * @param messages what the channel is subscribed to
     * @param close ends the channel
     */
    FailedRecordSink(UnicastProcessor<Message<?>> messages, Runnable close) {
        this.messages = messages;
        this.close = close;
    }

    /**
     * Writes a record and then acknowledges the one that it was made of.
     *
     * @param acknowledge how
     * @return fails when it could not be written; nothing is acknowledged then
     */
    Uni<Void> write(
            IncomingKafkaRecord<?, ?> failed,
            ProducerRecord<?, ?> written,
            Supplier<CompletionStage<Void>> acknowledge) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        messages.onNext(failed.withPayload(written)
                .withAck(() -> acknowledge.get().thenAccept(nothing -> done.complete(null)))
                .withNack(failure -> {
                    done.completeExceptionally(failure);
                    // A failed answer would end the outgoing channel, and no later record could be written.
                    return CompletableFuture.completedFuture(null);
                }));
        return Uni.createFrom().completionStage(done);
    }

    void close() {
        close.run();
    }
}
