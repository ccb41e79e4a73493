// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.quarkus.pause.ChannelPauses;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecordEmissionTest {
    private static final String CHANNEL = "orders";

    private final ChannelPauses pauses = new ChannelPauses();
    private final WaitingRecords<Integer> waiting = new WaitingRecords<>();
    private final Turn turn = new Turn();
    private final Counts counts = new Counts();
    private final Gatekeeper gate = new Gatekeeper();
    private final AssertSubscriber<Object> subscriber = AssertSubscriber.create();
    private final RecordEmission<Integer, String> emission =
            new RecordEmission<>(waiting, gate, turn, counts, pauses.of(CHANNEL), subscriber);

    RecordEmissionTest() {
        subscriber.onSubscribe(emission);
    }

    @Test
    void shouldBeginToPollWithFirstRequestOnly() {
        // When
        subscriber.request(1);
        subscriber.request(1);

        // Then
        assertThat(counts.firstRequests).isEqualTo(1);
    }

    @Test
    void shouldGiveNoMoreThanWasRequested() {
        // Given
        subscriber.request(2);
        fill(5);

        // When
        emission.go();
        turn.runAll();

        // Then
        assertThat(subscriber.getItems()).containsExactly("1", "2");
        assertThat(waiting.size()).isEqualTo(3);
    }

    @Test
    void shouldGiveNothingWhilePaused() {
        // Given
        fill(3);
        pauses.pause(CHANNEL);

        // When
        subscriber.request(2);
        turn.runAll();

        // Then
        assertThat(subscriber.getItems()).isEmpty();
        assertThat(waiting.size()).isEqualTo(3);
    }

    @Test
    void shouldGiveWhatWasRequestedWhenResumed() {
        // Given
        fill(3);
        pauses.pause(CHANNEL);
        subscriber.request(2);
        turn.runAll();

        // When
        pauses.resume(CHANNEL);
        emission.go(); // As the stream does that the emission belongs to.
        turn.runAll();

        // Then
        assertThat(subscriber.getItems()).containsExactly("1", "2");
    }

    @Test
    void shouldGoOnWithNextRequest() {
        // Given
        subscriber.request(1);
        fill(3);
        emission.go();
        turn.runAll();

        // When
        subscriber.request(1);
        turn.runAll();

        // Then
        assertThat(subscriber.getItems()).containsExactly("1", "2");
    }

    @Test
    void shouldLetOthersHaveTheirTurnAfterSlice() {
        // Given
        subscriber.request(Long.MAX_VALUE);
        fill(RecordEmission.MAX_PER_TURN + 10);
        emission.go();

        // When
        turn.runOne();

        // Then
        assertThat(subscriber.getItems()).hasSize(RecordEmission.MAX_PER_TURN);
        assertThat(turn.tasks).hasSize(1);
        turn.runAll();
        assertThat(subscriber.getItems()).hasSize(RecordEmission.MAX_PER_TURN + 10);
    }

    @Test
    void shouldEndTurnWhenItsTimeIsOver() {
        // Given
        subscriber.request(Long.MAX_VALUE);
        fill(2);
        turn.isOver = true;
        emission.go();

        // When
        turn.runOne();

        // Then
        assertThat(subscriber.getItems()).isEmpty();
        assertThat(turn.tasks).hasSize(1);
    }

    @Test
    void shouldNotGrowStackWhenEachRecordAsksForTheNext() {
        // Given
        int count = 100_000;
        Greedy greedy = new Greedy();
        greedy.onSubscribe(new RecordEmission<>(waiting, gate, turn, counts, pauses.of(CHANNEL), greedy));
        fill(count);
        turn.isHere = true;
        greedy.upstream.get().request(1);

        // When
        greedy.upstream.get().request(1);

        // Then
        assertThat(greedy.got).hasSize(RecordEmission.MAX_PER_TURN);
        turn.runAll();
        assertThat(greedy.got).hasSize(count);
    }

    @Test
    void shouldWaitAtGateAndKeepOrder() {
        // Given
        gate.slow = Optional.of(1);
        subscriber.request(3);
        fill(3);
        emission.go();
        turn.runAll();
        assertThat(subscriber.getItems()).isEmpty();

        // When
        gate.emitter.complete("1");
        turn.runAll();

        // Then
        assertThat(subscriber.getItems()).containsExactly("1", "2", "3");
    }

    @Test
    void shouldLeaveOutWhatGateKeeps() {
        // Given
        gate.slow = Optional.of(2);
        subscriber.request(3);
        fill(4);
        emission.go();
        turn.runAll();

        // When
        gate.emitter.complete(null);
        turn.runAll();

        // Then
        assertThat(subscriber.getItems()).containsExactly("1", "3", "4");
    }

    @Test
    void shouldGiveNothingAfterCancellation() {
        // Given
        subscriber.request(5);
        fill(1);

        // When
        subscriber.cancel();
        emission.go();
        turn.runAll();

        // Then
        assertThat(subscriber.getItems()).isEmpty();
        assertThat(counts.cancellations).isEqualTo(1);
    }

    @Test
    void shouldPassFailureOnOnce() {
        // When
        emission.fail(new IllegalStateException("first"));
        emission.fail(new IllegalStateException("second"));
        turn.runAll();

        // Then: where records are given, not beside one that is just being given
        subscriber.assertFailedWith(IllegalStateException.class, "first");
    }

    @Test
    void shouldRefuseToBeAskedForNothing() {
        assertThatThrownBy(() -> emission.request(0)).isInstanceOf(IllegalArgumentException.class);
    }

    private void fill(int count) {
        IntStream.rangeClosed(1, count).forEach(waiting::add);
    }

    /** Asks for the next one as soon as it has one, as a method does that is done at once. */
    private static final class Greedy implements MultiSubscriber<String> {
        private final List<String> got = new ArrayList<>();
        private Optional<Flow.Subscription> upstream = Optional.empty();

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            upstream = Optional.of(subscription);
        }

        @Override
        public void onItem(String item) {
            got.add(item);
            upstream.get().request(1);
        }

        @Override
        public void onFailure(Throwable failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onCompletion() {}
    }

    /** Turns that the test gives by hand. */
    private static final class Turn implements EmissionTurn {
        private final Deque<Runnable> tasks = new ArrayDeque<>();
        private boolean isHere;
        private boolean isOver;

        @Override
        public boolean isHere() {
            return isHere;
        }

        @Override
        public boolean isOver() {
            return isOver;
        }

        @Override
        public void later(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void now(Runnable task) {
            task.run();
        }

        void runOne() {
            tasks.remove().run();
        }

        void runAll() {
            while (!tasks.isEmpty()) {
                runOne();
            }
        }
    }

    private static final class Counts implements RecordEmission.Upstream {
        private int firstRequests;
        private int cancellations;

        @Override
        public void onFirstRequest() {
            firstRequests++;
        }

        @Override
        public void onTaken() {}

        @Override
        public void onCancel() {
            cancellations++;
        }
    }

    /** Lets all pass at once but one. */
    private static final class Gatekeeper implements RecordEmission.Gate<Integer, String> {
        private Optional<Integer> slow = Optional.empty();
        private UniEmitter<? super String> emitter;

        @Override
        public String pass(Integer item) {
            return slow.filter(item::equals).isPresent() ? null : item.toString();
        }

        @Override
        public Uni<String> passSlowly(Integer item) {
            return Uni.createFrom().emitter(e -> emitter = e);
        }
    }
}
