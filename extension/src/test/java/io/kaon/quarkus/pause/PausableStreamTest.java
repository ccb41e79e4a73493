// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.pause;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class PausableStreamTest {
    private static final String CHANNEL = "orders";

    private final ChannelPauses pauses = new ChannelPauses();
    private final List<Long> asked = new ArrayList<>();
    private final PausableStream<Integer> stream =
            new PausableStream<>(Multi.createFrom().range(0, 1_000).onRequest().invoke(asked::add), pauses.of(CHANNEL));
    private final AssertSubscriber<Integer> subscriber = AssertSubscriber.create();

    @Test
    void shouldPassOnWhatIsAskedFor() {
        // When
        stream.subscribe(subscriber);
        subscriber.request(1);
        subscriber.request(2);

        // Then
        assertThat(subscriber.getItems()).containsExactly(0, 1, 2);
        assertThat(asked).containsExactly(1L, 2L);
    }

    @Test
    void shouldAskForNothingWhilePaused() {
        // Given
        stream.subscribe(subscriber);
        pauses.pause(CHANNEL);

        // When
        subscriber.request(5);

        // Then
        assertThat(subscriber.getItems()).isEmpty();
        assertThat(stream.isWaiting()).isFalse();
    }

    @Test
    void shouldGoOnWithWhatWasAskedForMeanwhile() {
        // Given
        stream.subscribe(subscriber);
        pauses.pause(CHANNEL);
        subscriber.request(5);
        subscriber.request(2);

        // When
        pauses.resume(CHANNEL);

        // Then
        assertThat(subscriber.getItems()).containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(stream.given()).isEqualTo(7);
    }

    @Test
    void shouldGiveAllToWhoAsksForAllWithoutAskingForMuchAtOnce() {
        // When
        stream.subscribe(subscriber);
        subscriber.request(Long.MAX_VALUE);

        // Then
        assertThat(subscriber.getItems()).hasSize(1_000);
        assertThat(asked).allMatch(portion -> portion <= PausableStream.MAX_ASKED);
        assertThat(asked).hasSizeLessThan(100);
        subscriber.assertCompleted();
    }

    @Test
    void shouldPauseInTheMiddleOfWhatWasAskedFor() {
        // Given
        AssertSubscriber<Integer> pausing = AssertSubscriber.create();
        stream.onItem()
                .invoke(item -> {
                    if (item == 100) {
                        pauses.pause(CHANNEL);
                    }
                })
                .subscribe(pausing);

        // When
        pausing.request(Long.MAX_VALUE);

        // Then
        assertThat(pausing.getItems().size()).isBetween(100, 100 + PausableStream.MAX_ASKED);
        pauses.resume(CHANNEL);
        assertThat(pausing.getItems()).hasSize(1_000);
    }

    @Test
    void shouldSayWhichChannelsCanBePaused() {
        // When
        assertThatThrownBy(() -> pauses.pause("bills"))
                // Then
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("'bills'")
                .hasMessageContaining("[orders]");
        assertThat(pauses.isPaused("bills")).isFalse();
    }
}
