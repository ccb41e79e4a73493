// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** An application whose channels are looked at through Micrometer. */
@Singleton
public class MetersApplication {
    @Inject
    MeterRegistry registry;

    @Inject
    @Channel("orders-out")
    Emitter<String> orders;

    @Inject
    @Channel("risky-out")
    Emitter<String> risky;

    @Inject
    @Channel("slow-out")
    Emitter<String> slow;

    @Inject
    @Channel("bulk-out")
    Emitter<Integer> bulk;

    @Inject
    @Channel("broken-out")
    Emitter<String> broken;

    final List<Message<String>> waiting = new CopyOnWriteArrayList<>();
    final CompletableFuture<Void> waitingMayEnd = new CompletableFuture<>();
    final List<Integer> bulkIn = new CopyOnWriteArrayList<>();

    /** One that keeps what it is told: without any, the registry of the application answers for no gauge. */
    @Produces
    @Singleton
    SimpleMeterRegistry kept() {
        return new SimpleMeterRegistry();
    }

    @Incoming("orders-in")
    void order(String order) {}

    /** Takes records as the type that they have, which metering must not change. */
    @Incoming("risky-in")
    CompletionStage<Void> risk(KafkaRecord<String, String> word) {
        return word.getPayload().startsWith("bad") ? word.nack(new IllegalArgumentException("refused")) : word.ack();
    }

    @Incoming("slow-in")
    CompletionStage<Void> slow(Message<String> message) {
        waiting.add(message);
        return waitingMayEnd.thenCompose(now -> message.ack());
    }

    @Incoming("bulk-in")
    void bulk(List<Integer> batch) {
        bulkIn.addAll(batch);
    }
}
