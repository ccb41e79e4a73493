// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.exec.SerialExecutor;
import io.kaon.sim.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ShardTimersTest {
    private final VirtualTime time = new VirtualTime(0);
    private final ShardTimers timers = new ShardTimers(time, time, new SerialExecutor("test", Runnable::run));
    private final List<String> fired = new ArrayList<>();

    @Test
    void shouldFireOnceAtItsTime() {
        schedule("a", 10);
        time.advance(9);
        assertThat(fired).isEmpty();
        time.advance(1);
        assertThat(fired).containsExactly("a@10");
        time.advance(100);
        assertThat(fired).hasSize(1);
        assertThat(timers.count()).isZero();
    }

    @Test
    void shouldMoveOutWithoutCallingTheScheduler() {
        // Given
        schedule("a", 10);

        // When: a thousand heartbeats
        for (int i = 0; i < 1_000; i++) {
            time.advance(5);
            schedule("a", 10);
            assertThat(time.waiting()).isEqualTo(1);
        }
        time.advance(10);

        // Then
        assertThat(fired).containsExactly("a@5010");
    }

    @Test
    void shouldMoveIn() {
        schedule("a", 100);
        schedule("a", 10);
        time.advance(10);
        assertThat(fired).containsExactly("a@10");
        time.advance(1_000);
        assertThat(fired).hasSize(1);
        assertThat(time.waiting()).isZero();
    }

    @Test
    void shouldNotFireWhatWasCancelled() {
        schedule("a", 10);
        timers.cancel("a");
        timers.cancel("a");
        schedule("b", 20);
        time.advance(100);
        assertThat(fired).containsExactly("b@20");
    }

    @Test
    void shouldFireNothingAfterClose() {
        schedule("a", 10);
        timers.close();
        schedule("b", 10);
        time.advance(100);
        assertThat(fired).isEmpty();
        assertThat(time.waiting()).isZero();
    }

    @Test
    void shouldAllowTaskToSetItsTimerAgain() {
        timers.schedule("a", 10, () -> schedule("a", 10));
        time.advance(20);
        assertThat(fired).containsExactly("a@20");
    }

    private void schedule(String name, long delayMs) {
        timers.schedule(name, delayMs, () -> fired.add(name + "@" + time.wallMs()));
    }
}
