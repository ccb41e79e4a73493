// SPDX-License-Identifier: Apache-2.0
package io.kaon.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.common.InvariantViolation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {
    private final Deque<Runnable> handedOver = new ArrayDeque<>();
    private final Executor handOver = handedOver::add;
    private final List<String> steps = new ArrayList<>();

    @Test
    void shouldRunAtOnceOnABrokerThread() throws Exception {
        // Given
        SerialExecutor owner = new SerialExecutor("owner", handOver);

        // When
        onBrokerThread(() -> {
            owner.execute(() -> steps.add("task"));
            steps.add("after");
        });

        // Then
        assertThat(steps).containsExactly("task", "after");
    }

    @Test
    void shouldHandOverFromAForeignThread() throws Exception {
        // Given
        SerialExecutor owner = new SerialExecutor("owner", handOver);
        Thread foreign = new Thread(() -> owner.execute(() -> steps.add("task")));

        // When
        foreign.start();
        foreign.join();

        // Then
        assertThat(steps).isEmpty();
        assertThat(handedOver).hasSize(1);
    }

    @Test
    void shouldRunASecondOwnersTaskAfterTheTaskThatAskedForIt() throws Exception {
        // Given
        SerialExecutor first = new SerialExecutor("first", handOver);
        SerialExecutor second = new SerialExecutor("second", handOver);

        // When
        onBrokerThread(() -> first.execute(() -> {
            second.execute(() -> steps.add("second"));
            steps.add("first");
        }));

        // Then
        assertThat(steps).containsExactly("first", "second");
    }

    @Test
    void shouldRunATaskOfItsOwnAfterTheCurrentOne() throws Exception {
        // Given
        SerialExecutor owner = new SerialExecutor("owner", handOver);

        // When
        onBrokerThread(() -> owner.execute(() -> {
            owner.execute(() -> steps.add("inner"));
            steps.add("outer");
        }));

        // Then
        assertThat(steps).containsExactly("outer", "inner");
    }

    @Test
    void shouldGoOnAfterATaskThatThrows() throws Exception {
        // Given
        List<Throwable> failures = new ArrayList<>();
        SerialExecutor owner = new SerialExecutor("owner", handOver, failures::add);

        // When
        onBrokerThread(() -> {
            owner.execute(() -> {
                throw new IllegalStateException("broken");
            });
            owner.execute(() -> steps.add("next"));
        });

        // Then
        assertThat(failures).hasSize(1);
        assertThat(steps).containsExactly("next");
    }

    @Test
    void shouldHandOverALongDrain() throws Exception {
        // Given
        SerialExecutor owner = new SerialExecutor("owner", handOver);
        int tasks = SerialExecutor.MAX_TASKS_PER_DRAIN * 2;

        // When
        onBrokerThread(() -> owner.execute(() -> {
            for (int i = 0; i < tasks; i++) {
                owner.execute(() -> steps.add("task"));
            }
        }));

        // Then
        assertThat(steps.size()).isLessThan(tasks);
        while (!handedOver.isEmpty()) {
            handedOver.poll().run();
        }
        assertThat(steps).hasSize(tasks);
    }

    @Test
    void shouldRefuseTouchFromOutside() {
        // Given
        SerialExecutor owner = new SerialExecutor("owner", handOver);

        // When // Then
        assertThatThrownBy(owner::assertInside).isInstanceOf(InvariantViolation.class);
    }

    @Test
    void shouldKeepOrderAndExclusionUnderContention() throws Exception {
        // Given
        int threads = 4;
        int perThread = 20_000;
        long[] counter = new long[1];
        try (Workers workers = new Workers("test-worker", 2)) {
            SerialExecutor owner = new SerialExecutor("owner", workers);
            CountDownLatch done = new CountDownLatch(threads * perThread);

            // When
            for (int t = 0; t < threads; t++) {
                boolean ours = t % 2 == 0;
                new Thread(() -> {
                            if (ours) {
                                BrokerThread.adopt();
                            }
                            for (int i = 0; i < perThread; i++) {
                                owner.execute(() -> {
                                    owner.assertInside();
                                    counter[0]++;
                                    done.countDown();
                                });
                            }
                        })
                        .start();
            }

            // Then
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(counter[0]).isEqualTo((long) threads * perThread);
        }
    }

    private static void onBrokerThread(Runnable work) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            BrokerThread.adopt();
            try {
                work.run();
                done.complete(null);
            } catch (RuntimeException failure) {
                done.completeExceptionally(failure);
            }
        });
        thread.start();
        done.get(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldRunWhatMayBlockAwayAndInOrder() throws Exception {
        // Given
        List<Runnable> away = new ArrayList<>();
        SerialExecutor owner = SerialExecutor.withAway("owner", handOver, away::add);

        // When
        onBrokerThread(() -> owner.execute(() -> {
            owner.executeAway(() -> steps.add("may block"));
            owner.execute(() -> steps.add("after"));
            steps.add("first");
        }));
        List<String> before = List.copyOf(steps);
        List.copyOf(away).forEach(Runnable::run);

        // Then
        assertThat(before).containsExactly("first");
        assertThat(away).hasSize(1);
        assertThat(steps).containsExactly("first", "may block", "after");
    }

    @Test
    void shouldNotRunWhatMayBlockOnTheCallingThreadOfAnIdleOwner() throws Exception {
        // Given
        List<Runnable> away = new ArrayList<>();
        SerialExecutor owner = SerialExecutor.withAway("owner", handOver, away::add);

        // When
        onBrokerThread(() -> owner.executeAway(() -> steps.add("may block")));

        // Then
        assertThat(steps).isEmpty();
        assertThat(away).hasSize(1);
    }

    @Test
    void shouldRunTheRestOfATaskAwayBeforeAnyOther() throws Exception {
        // Given
        List<Runnable> away = new ArrayList<>();
        SerialExecutor owner = SerialExecutor.withAway("owner", handOver, away::add);

        // When
        onBrokerThread(() -> owner.execute(() -> {
            owner.execute(() -> steps.add("after"));
            steps.add("first, may block: " + owner.mayBlock());
            owner.continueAway(() -> steps.add("rest, may block: " + owner.mayBlock()));
        }));
        List<String> before = List.copyOf(steps);
        onBrokerThread(() -> away.get(0).run());

        // Then
        assertThat(before).containsExactly("first, may block: false");
        assertThat(away).hasSize(1);
        assertThat(steps).containsExactly("first, may block: false", "rest, may block: true", "after");
    }

    @Test
    void shouldGoOnAtOnceWithTheRestOfATaskThatIsAwayAlready() throws Exception {
        // Given
        List<Runnable> away = new ArrayList<>();
        SerialExecutor owner = SerialExecutor.withAway("owner", handOver, away::add);

        // When
        owner.executeAway(() -> {
            owner.execute(() -> steps.add("after"));
            owner.continueAway(() -> steps.add("rest"));
        });
        onBrokerThread(() -> away.get(0).run());

        // Then
        assertThat(away).hasSize(1);
        assertThat(steps).containsExactly("rest", "after");
    }

    @Test
    void shouldRunTheRestOfATaskThatThrew() {
        // Given
        List<Throwable> failures = new ArrayList<>();
        SerialExecutor owner = new SerialExecutor("owner", Runnable::run, failures::add);

        // When
        owner.execute(() -> {
            owner.continueAway(() -> steps.add("rest"));
            throw new IllegalStateException("on purpose");
        });
        owner.execute(() -> steps.add("next"));

        // Then
        assertThat(failures).hasSize(1);
        assertThat(steps).containsExactly("rest", "next");
    }
}
