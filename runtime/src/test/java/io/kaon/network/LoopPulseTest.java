// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.sim.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class LoopPulseTest {
    private final VirtualTime time = new VirtualTime(0);
    private final List<Runnable> stuck = new ArrayList<>();

    @Test
    void shouldFindNothingWhileAllLoopsRun() {
        // Given
        LoopPulse pulse = new LoopPulse(List.of(Runnable::run, Runnable::run), time);
        pulse.silenceMs();
        time.advance(60_000);

        // When
        long silenceMs = pulse.silenceMs();

        // Then
        assertThat(silenceMs).isZero();
    }

    @Test
    void shouldTellForHowLongALoopHasNotRunItsTask() {
        // Given
        LoopPulse pulse = new LoopPulse(List.of(Runnable::run, stuck::add), time);
        pulse.silenceMs();
        time.advance(12_000);

        // When
        long silenceMs = pulse.silenceMs();

        // Then
        assertThat(silenceMs).isEqualTo(12_000);
        assertThat(stuck).hasSize(1);
    }

    @Test
    void shouldForgetItWhenTheLoopGoesOn() {
        // Given
        LoopPulse pulse = new LoopPulse(List.of(stuck::add), time);
        pulse.silenceMs();
        time.advance(12_000);
        stuck.forEach(Runnable::run);

        // When
        long silenceMs = pulse.silenceMs();

        // Then
        assertThat(silenceMs).isZero();
    }

    @Test
    void shouldTellOfALoopThatHasEnded() {
        // Given
        LoopPulse pulse = new LoopPulse(
                List.of(task -> {
                    throw new RejectedExecutionException("ended");
                }),
                time);

        // When
        long silenceMs = pulse.silenceMs();

        // Then
        assertThat(silenceMs).isEqualTo(LoopPulse.ENDED);
    }
}
