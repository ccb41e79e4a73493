// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.Uuid;
import io.kaon.wire.state.TopicRecord;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicNamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "A-b_c.9", "...", "__consumer_offsets", "-"})
    void shouldAcceptLegalNames(String name) {
        assertThat(TopicNames.problem(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a b", "a/b", "ä", "a\n", "a:b", "a,b"})
    void shouldRefuseIllegalNames(String name) {
        assertThat(TopicNames.problem(name)).isPresent();
    }

    @Test
    void shouldAllowAsManyCharactersAsKafka() {
        assertThat(TopicNames.problem("x".repeat(249))).isEmpty();
        assertThat(TopicNames.problem("x".repeat(250))).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"a.b,a_b", "a_b,a.b", "a._,a_.", "_x,.x"})
    void shouldFindCollision(String existing, String name) {
        assertThat(TopicNames.collision(imageWith(existing), name)).contains(existing);
    }

    @ParameterizedTest
    @CsvSource({"a.b,a.b", "a.b,a.c", "a.b,aXb", "a.bc,a_b", "ab,a.b"})
    void shouldSeeNoCollision(String existing, String name) {
        assertThat(TopicNames.collision(imageWith(existing), name)).isEmpty();
    }

    private static ClusterImage imageWith(String existing) {
        ImageBuilder builder = new ImageBuilder(ClusterImage.EMPTY);
        long id = 1;
        for (String name : List.of("a", "zz", "a.zz", existing)) {
            builder.replay(new TopicRecord().setName(name).setTopicId(new Uuid(0, id++)));
        }
        return builder.build(0);
    }
}
