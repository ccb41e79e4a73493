// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** Methods of every kind, each telling where it ran. All read the same records. */
@Singleton
public class WorkersApplication {
    /** What a method saw. */
    record Call(int value, String thread, boolean isEventLoop, Object context, String request) {}

    final Queue<Call> plain = new ConcurrentLinkedQueue<>();
    /** The requests that a step of a Uni saw, which the plain method waited for. */
    final Queue<String> inSteps = new ConcurrentLinkedQueue<>();

    final Queue<Call> loop = new ConcurrentLinkedQueue<>();
    final Queue<Call> unordered = new ConcurrentLinkedQueue<>();
    final Queue<Call> named = new ConcurrentLinkedQueue<>();
    final Queue<Call> later = new ConcurrentLinkedQueue<>();
    final Queue<Call> second = new ConcurrentLinkedQueue<>();
    final Queue<Call> refused = new ConcurrentLinkedQueue<>();
    final AtomicInteger atOnce = new AtomicInteger();
    final AtomicInteger mostAtOnce = new AtomicInteger();

    @Inject
    @Channel("numbers-out")
    Emitter<Integer> out;

    @Inject
    RequestNumber request;

    private Call call(int value) {
        return new Call(
                value,
                Thread.currentThread().getName(),
                Context.isOnEventLoopThread(),
                Vertx.currentContext(),
                request.id());
    }

    @Incoming("plain")
    void plain(Integer value) {
        mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
        plain.add(call(value));
        inSteps.add(Uni.createFrom()
                .item(value)
                .map(ignored -> request.id())
                .await()
                .indefinitely());
        atOnce.decrementAndGet();
    }

    @Incoming("loop")
    @NonBlocking
    void loop(Integer value) {
        loop.add(call(value));
    }

    @Incoming("unordered")
    @io.smallrye.reactive.messaging.annotations.Blocking(ordered = false)
    void unordered(Integer value) {
        unordered.add(call(value));
    }

    @Incoming("named")
    @io.smallrye.reactive.messaging.annotations.Blocking("few")
    void named(Integer value) {
        named.add(call(value));
    }

    @Incoming("later")
    @Blocking
    Uni<Void> later(Integer value) {
        later.add(call(value));
        return value % 10 == 0
                ? Uni.createFrom().voidItem().onItem().delayIt().by(Duration.ofMillis(1))
                : Uni.createFrom().voidItem();
    }

    @Incoming("first")
    @Outgoing("second")
    @Blocking
    int first(Integer value) {
        return value;
    }

    @Incoming("second")
    @NonBlocking
    void second(int value) {
        second.add(call(value));
    }

    @Incoming("refused")
    void refused(Integer value) {
        refused.add(call(value));
        if (value % 100 == 7) {
            throw new IllegalArgumentException("I do not take " + value);
        }
    }

    /** One for each message. */
    @RequestScoped
    static class RequestNumber {
        private static final AtomicInteger NUMBERS = new AtomicInteger();

        private final String id = "request " + NUMBERS.incrementAndGet();

        String id() {
            return id;
        }
    }
}
