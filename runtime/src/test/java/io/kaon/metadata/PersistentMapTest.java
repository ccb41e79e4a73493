// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersistentMapTest {
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldBehaveLikeTreeMapAndKeepOldVersions(long seed) {
        // Given
        Random random = new Random(seed);
        TreeMap<Integer, Integer> model = new TreeMap<>();
        PersistentMap<Integer, Integer> map = PersistentMap.empty();
        List<PersistentMap<Integer, Integer>> versions = new ArrayList<>();
        List<TreeMap<Integer, Integer>> models = new ArrayList<>();

        // When
        for (int step = 0; step < 3_000; step++) {
            int key = random.nextInt(400);
            boolean isRemoval = random.nextInt(5) < 2;
            map = isRemoval ? map.without(key) : map.with(key, step);
            if (isRemoval) {
                model.remove(key);
            } else {
                model.put(key, step);
            }
            if (step % 100 == 0) {
                versions.add(map);
                models.add(new TreeMap<>(model));
            }
        }

        // Then
        assertThat(map).isEqualTo(model).hasSameSizeAs(model);
        assertThat(new ArrayList<>(map.keySet())).isEqualTo(new ArrayList<>(model.keySet()));
        for (int i = 0; i < versions.size(); i++) {
            assertThat(versions.get(i)).isEqualTo(models.get(i));
        }
        int start = random.nextInt(400);
        assertThat(keys(map.from(start)))
                .isEqualTo(new ArrayList<>(model.tailMap(start).keySet()));
    }

    @Test
    void shouldStayBalancedWhenKeysComeInOrder() {
        // Given
        PersistentMap<Integer, Integer> map = PersistentMap.empty();

        // When
        for (int i = 0; i < 200_000; i++) {
            map = map.with(i, i);
        }

        // Then a degenerate tree would overflow the stack long before
        assertThat(map).hasSize(200_000);
        assertThat(map.get(199_999)).isEqualTo(199_999);
        assertThat(map.get(200_000)).isNull();
    }

    @Test
    void shouldReturnItselfWhenNothingIsRemoved() {
        // Given
        PersistentMap<String, String> map =
                PersistentMap.<String, String>empty().with("a", "1");

        // When
        PersistentMap<String, String> same = map.without("b");

        // Then
        assertThat(same).isSameAs(map);
    }

    @Test
    void shouldRefuseToBeChanged() {
        // Given
        Map<String, String> map = PersistentMap.<String, String>empty().with("a", "1");

        // When, Then
        assertThatThrownBy(() -> map.put("b", "2")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.remove("a")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void shouldReplaceAndAddElementsOfList() {
        // Given
        PersistentList<String> list = PersistentList.copyOf(List.of("a", "b", "c"));

        // When
        PersistentList<String> changed = list.with(1, "x").with(3, "d");

        // Then
        assertThat(changed).containsExactly("a", "x", "c", "d");
        assertThat(list).containsExactly("a", "b", "c");
        assertThatThrownBy(() -> list.get(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.with(4, "z")).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Integer> keys(Iterable<Map.Entry<Integer, Integer>> entries) {
        List<Integer> keys = new ArrayList<>();
        entries.forEach(entry -> keys.add(entry.getKey()));
        return keys;
    }
}
