// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

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

/** An application with healthy channels and others. */
@Singleton
public class HealthApplication {
    @Inject
    @Channel("good-out")
    Emitter<String> good;

    @Inject
    @Channel("failing-out")
    Emitter<String> failing;

    @Inject
    @Channel("stuck-out")
    Emitter<String> stuck;

    final List<String> goodIn = new CopyOnWriteArrayList<>();
    final List<Message<String>> held = new CopyOnWriteArrayList<>();

    @Incoming("good-in")
    void good(String word) {
        goodIn.add(word);
    }

    @Incoming("failing-in")
    void fail(String word) {
        throw new IllegalArgumentException("cannot stomach " + word);
    }

    @Incoming("stuck-in")
    CompletionStage<Void> hold(Message<String> message) {
        held.add(message);
        return CompletableFuture.completedStage(null); // Neither acknowledged nor refused.
    }

    @Incoming("hidden-in")
    void hidden(String word) {}

    @Incoming("unready-in")
    void unready(String word) {}

    @Incoming("verified-in")
    void verified(String word) {}

    @Incoming("toggled-in")
    void toggled(String word) {}
}
