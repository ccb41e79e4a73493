// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import io.kaon.quarkus.connector.incoming.InFlight.Handlers;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/** A record whose acknowledgement, where it is given in its own context, makes nothing to wait for. */
final class EmbeddedRecord<K, V> extends IncomingKafkaRecord<K, V> {
    /** Cannot be completed by those who get it. */
    private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

    private final KafkaCommitHandler commits;
    private final Context context;

    EmbeddedRecord(ConsumerRecord<K, V> record, String channel, int index, Handlers handlers, boolean mayBeCloudEvent) {
        super(record, channel, index, handlers.commits(), handlers.failures(), mayBeCloudEvent);
        this.commits = handlers.commits();
        this.context = getContextMetadata().map(local -> local.context()).orElse(null);
    }

    /** Whether it has headers besides that of the group's generation: a cloud event has four at least, or a type. */
    static boolean mayBeCloudEvent(ConsumerRecord<?, ?> record) {
        Iterator<Header> headers = record.headers().iterator();
        if (headers.hasNext()) {
            headers.next();
        }
        return headers.hasNext();
    }

    @Override
    public CompletionStage<Void> ack(Metadata metadata) {
        boolean isHere = context != null && Vertx.currentContext() == context;
        // Elsewhere what follows has to wait for its context.
        if (isHere && commits instanceof FastCommit fast && fast.onAcknowledged(this)) {
            return DONE;
        }
        return super.ack(metadata);
    }
}
