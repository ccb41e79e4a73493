// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import static io.kaon.server.Pipelining.BARRIER;
import static io.kaon.server.Pipelining.EXCLUSIVE;
import static io.kaon.server.Pipelining.PIPELINED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.common.InvariantViolation;
import io.kaon.server.Pipelining;
import io.kaon.server.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestSequenceTest {
    private final List<Long> started = new ArrayList<>();
    private final List<Long> left = new ArrayList<>();
    private final List<Exchange> running = new ArrayList<>();
    private boolean mayStart = true;
    private RequestSequence<Exchange> sequence = sequence(AnswerOrder.OF_REQUESTS);

    @Test
    void shouldStartPipelinedRequestsAtOnceAndLetAnswersLeaveInOrder() {
        // Given
        Exchange first = add(PIPELINED);
        Exchange second = add(PIPELINED);
        Exchange third = add(PIPELINED);
        assertThat(started).containsExactly(0L, 1L, 2L);
        // When
        answer(third);
        answer(first);
        // Then
        assertThat(left).containsExactly(0L);
        answer(second);
        assertThat(left).containsExactly(0L, 1L, 2L);
        assertThat(sequence.size()).isZero();
    }

    @Test
    void shouldLetABarrierWaitForThoseBeforeItAndStopThoseBehindIt() {
        // Given
        Exchange before = add(PIPELINED);
        Exchange barrier = add(BARRIER);
        Exchange after = add(PIPELINED);
        Exchange fetch = add(EXCLUSIVE);
        assertThat(started).containsExactly(0L);
        // When
        answer(before);
        // Then
        assertThat(started).containsExactly(0L, 1L);
        answer(barrier);
        assertThat(started).containsExactly(0L, 1L, 2L, 3L);
        answer(after);
        answer(fetch);
        assertThat(left).containsExactly(0L, 1L, 2L, 3L);
    }

    @Test
    void shouldLetABarrierPassAWaitingFetchAndHurryItWithItsAnswer() {
        // Given
        Exchange fetch = add(EXCLUSIVE);
        Exchange barrier = add(BARRIER);
        assertThat(started).containsExactly(0L, 1L);
        assertThat(isHurried(fetch)).isFalse();
        // When
        answer(barrier);
        // Then
        assertThat(isHurried(fetch)).isTrue();
        assertThat(left).isEmpty();
        answer(fetch);
        assertThat(left).containsExactly(0L, 1L);
    }

    @Test
    void shouldRunOneFetchAtATimeAndLetOthersPass() {
        // Given
        Exchange first = add(EXCLUSIVE);
        Exchange second = add(EXCLUSIVE);
        Exchange produce = add(PIPELINED);
        assertThat(started).containsExactly(0L, 2L);
        // When
        answer(produce);
        // Then
        assertThat(isHurried(first)).isTrue();
        answer(first);
        assertThat(started).containsExactly(0L, 2L, 1L);
        assertThat(isHurried(second))
                .as("the second fetch holds up the produce, too")
                .isTrue();
        answer(second);
        assertThat(left).containsExactly(0L, 1L, 2L);
    }

    @Test
    void shouldNotHurryAFetchForAnswersBeforeIt() {
        // Given
        Exchange produce = add(PIPELINED);
        Exchange fetch = add(EXCLUSIVE);
        // When
        answer(produce);
        // Then
        assertThat(isHurried(fetch)).isFalse();
    }

    @Test
    void shouldStartNothingWhileThePeerIsSlow() {
        // Given
        mayStart = false;
        add(PIPELINED);
        add(EXCLUSIVE);
        assertThat(started).isEmpty();
        // When
        mayStart = true;
        sequence.advance();
        // Then
        assertThat(started).containsExactly(0L, 1L);
    }

    @Test
    void shouldForgetWhatHasNotStarted() {
        // Given
        Exchange barrier = add(BARRIER);
        add(PIPELINED);
        add(EXCLUSIVE);
        List<Exchange> abandoned = new ArrayList<>();
        // When
        sequence.abandonWaiting(abandoned::add);
        answer(barrier);
        // Then
        assertThat(abandoned).hasSize(2);
        assertThat(left).containsExactly(0L);
        assertThat(sequence.size()).isZero();
    }

    @Test
    void shouldLetEachAnswerLeaveAtOnceWhereOrderDoesNotMatter() {
        // Given
        sequence = sequence(AnswerOrder.AS_READY);
        Exchange fetch = add(EXCLUSIVE);
        Exchange produce = add(PIPELINED);
        // When
        answer(produce);
        // Then
        assertThat(left).containsExactly(1L);
        assertThat(isHurried(fetch)).isFalse();
    }

    @Test
    void shouldRefuseASecondAnswer() {
        // Given
        Exchange exchange = add(PIPELINED);
        answer(exchange);
        // When // Then
        assertThatThrownBy(() -> answer(exchange)).isInstanceOf(InvariantViolation.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void shouldKeepItsRulesWhateverHappens(long seed) {
        // Given
        Random random = new Random(seed);
        int added = 0;
        // When
        while (left.size() < 500) {
            if (added < 500 && random.nextInt(3) > 0) {
                add(Pipelining.values()[random.nextInt(3)]);
                added++;
            } else if (!running.isEmpty()) {
                answer(running.get(random.nextInt(running.size())));
            }
            mayStart = random.nextInt(10) > 0;
            sequence.advance();
            // Then
            assertThat(running.stream().filter(e -> e.pipelining() == EXCLUSIVE).count())
                    .as("seed %s", seed)
                    .isLessThanOrEqualTo(1);
            running.stream().filter(e -> e.pipelining() == BARRIER).forEach(barrier -> assertThat(running)
                    .as("seed %s", seed)
                    .allMatch(e -> e == barrier || e.pipelining() == EXCLUSIVE && e.number() < barrier.number()));
        }
        assertThat(left).as("seed %s", seed).isSorted().hasSize(500);
    }

    private RequestSequence<Exchange> sequence(AnswerOrder order) {
        return new RequestSequence<>(
                order,
                exchange -> {
                    started.add(exchange.number());
                    running.add(exchange);
                },
                exchange -> left.add(exchange.number()),
                () -> mayStart);
    }

    private Exchange add(Pipelining pipelining) {
        Exchange exchange = new Exchange(pipelining);
        sequence.add(exchange);
        sequence.advance();
        return exchange;
    }

    private void answer(Exchange exchange) {
        running.remove(exchange);
        sequence.answered(exchange, Reply.NO_RESPONSE);
    }

    private static boolean isHurried(Exchange exchange) {
        return exchange.hurry().toCompletableFuture().isDone();
    }
}
