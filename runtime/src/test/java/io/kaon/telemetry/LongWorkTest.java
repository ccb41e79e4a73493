// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.sim.VirtualTime;
import io.kaon.telemetry.LongWork.Amount;
import io.kaon.telemetry.LongWork.Phase;
import io.kaon.telemetry.LongWork.State;
import io.kaon.telemetry.LongWork.Task;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LongWorkTest {
    private final VirtualTime time = new VirtualTime(1_000_000);
    private final LongWork work = new LongWork(time);

    @Test
    void shouldShowWhatRunsBeforeWhatHasEnded() {
        // Given
        Task ended = work.begin("seeding", "topic a", Amount.of("records", 10));
        Task failed = work.begin("export", "topic b", Amount.unknown("records"));
        Task running = work.begin("replay", "channel c", Amount.unknown("records"));
        running.expect(4);
        running.progress(3);
        ended.progress(10);

        // When
        time.advance(1_000);
        ended.end();
        failed.fail("nobody read it");
        ended.fail("too late");

        // Then
        assertThat(work.states()).extracting(State::kind).containsExactly("replay", "export", "seeding");
        State first = work.states().get(0);
        assertThat(first.phase()).isEqualTo(Phase.RUNNING);
        assertThat(first.done()).isEqualTo(3);
        assertThat(first.amount().total()).hasValue(4);
        assertThat(first.ended()).isEmpty();
        assertThat(work.states().get(1).failure()).contains("nobody read it");
        State last = work.states().get(2);
        assertThat(last.phase()).isEqualTo(Phase.DONE);
        assertThat(last.started()).isEqualTo(Instant.ofEpochMilli(1_000_000));
        assertThat(last.ended()).contains(Instant.ofEpochMilli(1_001_000));
    }

    @Test
    void shouldForgetWhatEndedLongAgo() {
        // Given
        Task running = work.begin("replay", "channel", Amount.unknown("records"));

        // When
        for (int count = 0; count < 3 * LongWork.MAX_ENDED; count++) {
            work.begin("export", "topic " + count, Amount.unknown("records")).end();
        }

        // Then
        assertThat(work.states()).hasSize(LongWork.MAX_ENDED + 1);
        assertThat(work.states().get(0).id()).isEqualTo(running.id());
        assertThat(work.states().get(1).subject()).isEqualTo("topic " + (3 * LongWork.MAX_ENDED - 1));
    }
}
