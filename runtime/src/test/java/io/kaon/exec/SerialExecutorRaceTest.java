// SPDX-License-Identifier: Apache-2.0
package io.kaon.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many threads, the broker's own and others, give several owners tasks that stay, go away, find out late that they must
 * go away, throw, or give another owner a task: each runs once, none beside another of its owner, and those of one
 * thread in the order of its calls.
 */
final class SerialExecutorRaceTest {
    private static final int OWNERS = 3;
    private static final int CALLERS = 6;
    private static final int CALLS = 4_000;
    private static final int SECONDS = 60;

    private static final Logger EXEC_LOG = Logger.getLogger("io.kaon.exec");

    @BeforeAll
    static void silence() {
        EXEC_LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void speak() {
        EXEC_LOG.setLevel(null);
    }

    private enum Kind {
        STAYS,
        GOES_AWAY,
        CONTINUES_AWAY,
        CONTINUES_AWAY_TWICE,
        THROWS,
        ASKS_ANOTHER
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldRunEachTaskOnceAloneAndInOrder(long seed) throws InterruptedException {
        // Given
        try (Workers workers = new Workers("race-worker", 2);
                Workers disk = new Workers("race-disk", 3)) {
            List<Owned> all = new ArrayList<>();
            for (int owner = 0; owner < OWNERS; owner++) {
                all.add(new Owned(SerialExecutor.withAway("owner " + owner, workers, disk)));
            }
            CountDownLatch done = new CountDownLatch(CALLERS * CALLS);
            CountDownLatch start = new CountDownLatch(1);

            // When
            List<Thread> callers = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                Random random = new Random(seed * CALLERS + caller);
                Caller calls = new Caller(caller, random, all, start, done);
                callers.add(new Thread(calls, "caller " + caller));
            }
            callers.forEach(Thread::start);
            start.countDown();

            // Then
            boolean isDone = done.await(SECONDS, TimeUnit.SECONDS);
            assertThat(isDone)
                    .as("seed %s: %s tasks were lost", seed, done.getCount())
                    .isTrue();
            for (Owned owned : all) {
                assertThat(owned.faults).as("seed %s", seed).isEmpty();
            }
        }
    }

    /** Without the cost of a trace. */
    private static final class OnPurpose extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OnPurpose() {
            super("on purpose", null, false, false);
        }
    }

    /** What one owner owns: nothing here is safe for more than one thread. */
    private static final class Owned {
        private final SerialExecutor owner;
        private final int[] lastOfCaller = new int[CALLERS];
        private final List<String> faults = new ArrayList<>();
        private final AtomicInteger inside = new AtomicInteger();
        private int unfinished = -1;

        Owned(SerialExecutor owner) {
            this.owner = owner;
            Arrays.fill(lastOfCaller, -1);
        }

        private void check(boolean isRight, String fault) {
            if (!isRight && faults.size() < 10) {
                faults.add(fault + " on " + owner + ", " + Thread.currentThread());
            }
        }

        void begin(int caller, int call) {
            check(owner.isInside(), "a task outside");
            check(unfinished == -1, "a task before the rest of the one before");
            check(lastOfCaller[caller] < call, "call " + call + " of " + caller + " after " + lastOfCaller[caller]);
            lastOfCaller[caller] = call;
            unfinished = caller;
        }

        void go(int caller, Runnable part) {
            check(inside.incrementAndGet() == 1, "two at once");
            check(unfinished == caller, "a part of another task");
            part.run();
            inside.decrementAndGet();
        }

        void end() {
            unfinished = -1;
        }
    }

    private record Caller(int number, Random random, List<Owned> all, CountDownLatch start, CountDownLatch done)
            implements Runnable {
        @Override
        public void run() {
            if (number % 2 == 0) {
                BrokerThread.adopt();
            }
            try {
                start.await();
            } catch (InterruptedException interrupted) {
                return;
            }
            for (int call = 0; call < CALLS; call++) {
                Owned owned = all.get(random.nextInt(OWNERS));
                Owned other = all.get(random.nextInt(OWNERS));
                Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
                submit(owned, other, kind, call);
            }
        }

        private void submit(Owned owned, Owned other, Kind kind, int call) {
            Runnable task = () -> {
                owned.begin(number, call);
                owned.go(number, () -> go(owned, other, kind));
                if (kind == Kind.THROWS) {
                    throw new OnPurpose();
                }
            };
            if (kind == Kind.GOES_AWAY) {
                owned.owner.executeAway(task);
            } else {
                owned.owner.execute(task);
            }
        }

        private void go(Owned owned, Owned other, Kind kind) {
            switch (kind) {
                case GOES_AWAY -> {
                    owned.check(owned.owner.mayBlock(), "not away");
                    finish(owned);
                }
                case CONTINUES_AWAY -> owned.owner.continueAway(() -> rest(owned));
                case CONTINUES_AWAY_TWICE ->
                    owned.owner.continueAway(() -> owned.go(number, () -> owned.owner.continueAway(() -> rest(owned))));
                case ASKS_ANOTHER -> finish(owned, () -> other.owner.execute(done::countDown));
                default -> finish(owned);
            }
        }

        private void rest(Owned owned) {
            owned.go(number, () -> {
                owned.check(owned.owner.mayBlock(), "the rest not away");
                finish(owned);
            });
        }

        private void finish(Owned owned) {
            finish(owned, done::countDown);
        }

        private void finish(Owned owned, Runnable last) {
            owned.end();
            last.run();
        }
    }
}
