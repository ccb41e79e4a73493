// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.regex;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.Uuid;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ImageBuilder;
import io.kaon.wire.state.RemoveTopicRecord;
import io.kaon.wire.state.TopicRecord;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TopicExpressionsTest {
    private static final long SEED = 11;

    private final TopicExpressions expressions = new TopicExpressions();
    private ClusterImage image = ClusterImage.EMPTY;
    private long nextId = 1;

    @Test
    void shouldFindWhatMatchesInOrder() {
        // Given
        create("orders-2", "orders-1", "bills", "__consumer_offsets");

        // When
        SortedSet<String> orders = resolve("orders-.*");
        SortedSet<String> all = resolve(".*");

        // Then
        assertThat(orders).containsExactly("orders-1", "orders-2");
        assertThat(all).containsExactly("__consumer_offsets", "bills", "orders-1", "orders-2");
    }

    @Test
    void shouldFollowTopicsThatComeAndGo() {
        // Given
        create("orders-1", "orders-2");
        resolve("orders-.*");

        // When
        remove("orders-1");
        create("orders-3", "bills");

        // Then
        assertThat(resolve("orders-.*")).containsExactly("orders-2", "orders-3");
    }

    @Test
    void shouldHideWhatTheMemberMayNotDescribe() {
        // Given
        create("orders-1", "orders-2");

        // When
        SortedSet<String> visible = expressions
                .find(".*", image, topic -> !topic.equals("orders-1"), Effort.slice())
                .orElseThrow();

        // Then
        assertThat(visible).containsExactly("orders-2");
        assertThat(resolve(".*")).containsExactly("orders-1", "orders-2");
    }

    @Test
    void shouldAnswerForAnOlderImageToo() {
        // Given
        create("orders-1");
        ClusterImage before = image;
        create("orders-2");
        resolve(".*");

        // When
        SortedSet<String> then =
                expressions.find(".*", before, topic -> true, Effort.slice()).orElseThrow();

        // Then
        assertThat(then).containsExactly("orders-1");
    }

    @Test
    void shouldMatchNothingWithAnExpressionThatCannotBeRead() {
        // Given
        create("orders-1");

        // When
        SortedSet<String> nothing = resolve("orders-(");

        // Then
        assertThat(nothing).isEmpty();
    }

    @Test
    void shouldFindTheSameAsWithoutMemory() {
        Random random = new Random(SEED);
        Set<String> names = new TreeSet<>();
        for (int step = 0; step < 500; step++) {
            // Given
            String name = "t" + random.nextInt(40);
            if (names.add(name)) {
                create(name);
            } else {
                names.remove(name);
                remove(name);
            }

            // When
            SortedSet<String> found = resolve("t[0-9]*" + random.nextInt(10));

            // Then
            assertThat(resolve(".*")).as("seed %d, step %d", SEED, step).isEqualTo(names);
            assertThat(names).containsAll(found);
        }
    }

    @Test
    void shouldForgetAndLookUpAgainWhenThereAreTooMany() {
        // Given
        create("t1", "t2");

        // When
        for (int i = 0; i < 3_000; i++) {
            resolve("t[12]|" + i);
        }

        // Then
        assertThat(resolve("t[12]|0")).containsExactly("t1", "t2");
    }

    private SortedSet<String> resolve(String expression) {
        return expressions
                .find(expression, image, topic -> true, Effort.slice())
                .orElseThrow();
    }

    private void create(String... names) {
        ImageBuilder builder = new ImageBuilder(image);
        for (String name : names) {
            builder.replay(new TopicRecord().setName(name).setTopicId(new Uuid(1, nextId++)));
        }
        image = builder.build(image.offset() + 1);
    }

    private void remove(String name) {
        ImageBuilder builder = new ImageBuilder(image);
        builder.replay(new RemoveTopicRecord()
                .setTopicId(image.topic(name).orElseThrow().id()));
        image = builder.build(image.offset() + 1);
    }
}
