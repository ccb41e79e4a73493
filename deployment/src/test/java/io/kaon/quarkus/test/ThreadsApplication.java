// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Multi;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.smallrye.reactive.messaging.kafka.Record;
import io.smallrye.reactive.messaging.keyed.KeyedMulti;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** An application that says where its methods run and how much they take at a time. */
@Singleton
public class ThreadsApplication {
    private static final int TOGETHER = 3;
    private static final long PATIENCE_SECONDS = 30;

    /** Where a method ran. */
    record Ran(int number, String thread, boolean isVirtual, boolean isEventLoop) {
        static Ran here(int number) {
            return new Ran(
                    number,
                    Thread.currentThread().getName(),
                    VirtualThreads.isVirtual(Thread.currentThread()),
                    io.vertx.core.Context.isOnEventLoopThread());
        }
    }

    @Inject
    @Channel("plain-out")
    Emitter<Integer> plain;

    @Inject
    @Channel("visits-out")
    Emitter<Integer> visiting;

    @Inject
    @Channel("unordered-out")
    Emitter<Integer> unordered;

    @Inject
    @Channel("pool-out")
    Emitter<Integer> pool;

    @Inject
    @Channel("virtual-out")
    Emitter<Integer> virtual;

    @Inject
    @Channel("loop-out")
    Emitter<Integer> loop;

    @Inject
    @Channel("keyed-out")
    MutinyEmitter<Record<String, Integer>> keyed;

    @Inject
    @Channel("lanes-out")
    MutinyEmitter<Record<String, Integer>> lanes;

    @Inject
    @Channel("paused-out")
    Emitter<Integer> paused;

    @Inject
    @Channel("narrow-out")
    @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = 3)
    Emitter<Integer> narrow;

    @Inject
    @Channel("lossy-out")
    @OnOverflow(OnOverflow.Strategy.DROP)
    Emitter<Integer> lossy;

    @Inject
    Visit visit;

    final List<Ran> plainIn = new CopyOnWriteArrayList<>();
    final List<Ran> unorderedIn = new CopyOnWriteArrayList<>();
    final List<Ran> poolIn = new CopyOnWriteArrayList<>();
    final List<Ran> virtualIn = new CopyOnWriteArrayList<>();
    final List<Ran> loopIn = new CopyOnWriteArrayList<>();
    final List<Integer> visits = new CopyOnWriteArrayList<>();
    final List<String> sums = new CopyOnWriteArrayList<>();
    final List<Record<String, Integer>> lanesIn = new CopyOnWriteArrayList<>();
    final AtomicBoolean lanesMet = new AtomicBoolean();
    final List<Integer> pausedIn = new CopyOnWriteArrayList<>();
    final List<Integer> lossyIn = new CopyOnWriteArrayList<>();
    final AtomicInteger ticks = new AtomicInteger();
    final List<CompletableFuture<Void>> ticksHeld = new CopyOnWriteArrayList<>();

    private final CountDownLatch together = new CountDownLatch(TOGETHER);
    private final CountDownLatch otherLane = new CountDownLatch(2);
    private final Set<String> lanesInside = ConcurrentHashMap.newKeySet();

    /** Something of one message. */
    @RequestScoped
    public static class Visit {
        private int seen;

        int next() {
            return ++seen;
        }
    }

    @Incoming("plain-in")
    void plain(int number) {
        plainIn.add(Ran.here(number));
    }

    @Incoming("visits-in")
    void visit(int number) {
        visits.add(visit.next());
    }

    /** Ends only when others are inside too. */
    @Incoming("unordered-in")
    @Blocking(ordered = false)
    void unordered(int number) throws InterruptedException {
        together.countDown();
        if (together.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            unorderedIn.add(Ran.here(number));
        }
    }

    @Incoming("pool-in")
    @Blocking("small")
    void pool(int number) {
        poolIn.add(Ran.here(number));
    }

    @Incoming("virtual-in")
    @RunOnVirtualThread
    void virtual(int number) {
        virtualIn.add(Ran.here(number));
    }

    @Incoming("loop-in")
    @NonBlocking
    void loop(int number) {
        loopIn.add(Ran.here(number));
    }

    @Incoming("keyed-in")
    @Outgoing("sums")
    Multi<String> sum(KeyedMulti<String, Integer> numbers) {
        return numbers.onItem().scan(Integer::sum).map(sum -> numbers.key() + "=" + sum);
    }

    @Incoming("sums")
    void collect(String sum) {
        sums.add(sum);
    }

    /** Two keys at a time, but each key alone: the first records wait for each other. */
    @Incoming("lanes-in")
    @Blocking(ordered = false)
    void lane(Record<String, Integer> item) throws InterruptedException {
        boolean isAlone = lanesInside.add(item.key());
        otherLane.countDown();
        if (otherLane.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            lanesMet.set(true);
        }
        if (isAlone) {
            lanesIn.add(item);
        }
        lanesInside.remove(item.key());
    }

    @Incoming("paused-in")
    void paused(int number) {
        pausedIn.add(number);
    }

    @Incoming("lossy-in")
    void lossy(int number) {
        lossyIn.add(number);
    }

    /** Its messages stay in flight until the test lets them go. */
    @Outgoing("ticks-out")
    Multi<Message<Integer>> ticks() {
        return Multi.createFrom().range(0, 10_000).map(number -> {
            ticks.incrementAndGet();
            CompletableFuture<Void> held = new CompletableFuture<>();
            ticksHeld.add(held);
            return Message.of(number, () -> held);
        });
    }
}
