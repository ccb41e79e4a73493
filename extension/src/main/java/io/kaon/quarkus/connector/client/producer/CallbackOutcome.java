// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Tells the caller of Kafka's producer, as its interface has it: the callback first. */
final class CallbackOutcome implements SendOutcome {
    private final CompletableFuture<RecordMetadata> future = new CompletableFuture<>();
    private final Callback callback;

    /** @param callback may be null: Kafka's API allows it */
    CallbackOutcome(Callback callback) {
        this.callback = callback;
    }

    CompletableFuture<RecordMetadata> future() {
        return future;
    }

    @Override
    public void onSent(RecordMetadata metadata) {
        try {
            if (callback != null) {
                callback.onCompletion(metadata, null);
            }
        } finally {
            future.complete(metadata);
        }
    }

    @Override
    public void onFailed(RuntimeException failure) {
        try {
            if (callback != null) {
                callback.onCompletion(null, failure);
            }
        } finally {
            future.completeExceptionally(failure);
        }
    }
}
