// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TimelineMapTest {
    private final Timeline timeline = new Timeline();
    private final TimelineMap<String, Integer> map = new TimelineMap<>(timeline);

    @Test
    void shouldShowChangesToReadersWhenTheyAreCommitted() {
        // Given
        map.put(0, "a", 1);
        map.put(1, "a", 2);

        // Then
        assertThat(map.latest("a")).contains(2);
        assertThat(map.committed("a")).isEmpty();
        timeline.commit(1);
        assertThat(map.latest("a")).contains(2);
        assertThat(map.committed("a")).contains(1);
        timeline.commit(2);
        assertThat(map.committed("a")).contains(2);
        assertThat(timeline.pendingCount()).isZero();
    }

    @Test
    void shouldTakeWhatIsCommittedAlreadyAtOnce() {
        // Given: loading
        timeline.commit(10);

        // When
        map.put(3, "a", 1);

        // Then
        assertThat(map.committed("a")).contains(1);
        assertThat(timeline.pendingCount()).isZero();
    }

    @Test
    void shouldHideRemovedValuesFromDecisionsOnly() {
        // Given
        timeline.commit(1);
        map.put(0, "a", 1);

        // When
        map.remove(1, "a");

        // Then
        assertThat(map.latest("a")).isEmpty();
        assertThat(map.isEmpty()).isTrue();
        assertThat(map.committed("a")).contains(1);
        assertThat(map.isCommittedEmpty()).isFalse();
        timeline.commit(2);
        assertThat(map.isCommittedEmpty()).isTrue();
    }

    @Test
    void shouldIgnoreCommitsThatGoBack() {
        map.put(5, "a", 1);
        timeline.commit(6);
        timeline.commit(2);
        assertThat(timeline.committedOffset()).isEqualTo(6);
        assertThat(map.committed("a")).contains(1);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldEqualReplayOfTheLogUpToEitherPosition(long seed) {
        // Given
        Random random = new Random(seed);
        TreeMap<Long, Map<String, Integer>> states = new TreeMap<>();
        Map<String, Integer> state = new HashMap<>();
        states.put(0L, Map.of());

        // When
        for (long offset = 0; offset < 2_000; offset++) {
            String key = "k" + random.nextInt(20);
            if (random.nextInt(4) == 0) {
                map.remove(offset, key);
                state.remove(key);
            } else {
                map.put(offset, key, (int) offset);
                state.put(key, (int) offset);
            }
            states.put(offset + 1, Map.copyOf(state));
            if (random.nextInt(5) == 0) {
                timeline.commit(random.nextLong(offset + 2));
            }

            // Then
            assertThat(latest()).isEqualTo(state);
            assertThat(committed()).isEqualTo(states.get(timeline.committedOffset()));
        }
    }

    private Map<String, Integer> latest() {
        Map<String, Integer> all = new HashMap<>();
        map.forEachLatest(all::put);
        assertThat(map.isEmpty()).isEqualTo(all.isEmpty());
        return all;
    }

    private Map<String, Integer> committed() {
        Map<String, Integer> all = new HashMap<>();
        map.forEachCommitted(all::put);
        return all;
    }
}
