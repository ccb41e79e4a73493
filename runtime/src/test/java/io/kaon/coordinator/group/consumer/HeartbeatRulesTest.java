// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import static io.kaon.coordinator.group.consumer.ConsumerFixture.beat;
import static io.kaon.coordinator.group.consumer.ConsumerFixture.join;
import static io.kaon.coordinator.group.consumer.ConsumerFixture.owned;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HeartbeatRulesTest {
    private final HeartbeatRules rules = new HeartbeatRules(ConsumerGroupOptions.DEFAULTS);

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("no member id with version 1", 1, join("")),
                Arguments.of("no member id in an epoch", 0, beat("", 3)),
                Arguments.of("no member id when leaving", 0, beat("", -1)),
                Arguments.of("no group id", 1, join("a", "t").setGroupId("")),
                Arguments.of("a blank group id", 1, join("a", "t").setGroupId(" ")),
                Arguments.of("a blank member id", 1, join("\t", "t")),
                Arguments.of("a group id that no key holds", 1, join("a", "t").setGroupId("g".repeat(40_000))),
                Arguments.of("a member id that no key holds", 1, join("\u00e4".repeat(20_000), "t")),
                Arguments.of(
                        "an expression that no key holds",
                        1,
                        join("a", "t").setSubscribedTopicRegex("x".repeat(40_000))),
                Arguments.of("an empty instance id", 1, join("a", "t").setInstanceId("")),
                Arguments.of("an empty rack id", 1, join("a", "t").setRackId("")),
                Arguments.of("no rebalance timeout", 1, join("a", "t").setRebalanceTimeoutMs(-1)),
                Arguments.of("no owned partitions", 1, join("a", "t").setTopicPartitions(null)),
                Arguments.of("owned partitions", 1, join("a", "t").setTopicPartitions(owned(new Uuid(1, 1), 0))),
                Arguments.of("no subscription", 1, join("a").setSubscribedTopicNames(null)),
                Arguments.of("leaving for a while without instance", 1, beat("a", -2)),
                Arguments.of("an epoch that means nothing", 1, beat("a", -3)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void shouldRefuseWhatIsMalformed(String what, int version, ConsumerGroupHeartbeatRequest request) {
        assertThat(rules.check((short) version, request))
                .hasValueSatisfying(
                        response -> assertThat(response.errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code()));
    }

    static Stream<Arguments> wellFormed() {
        return Stream.of(
                Arguments.of("joins without id", 0, join("", "t")),
                Arguments.of("joins by expression", 1, join("a").setSubscribedTopicRegex("t.*")),
                Arguments.of("joins with an assignor", 1, join("a", "t").setServerAssignor("range")),
                Arguments.of("is there", 1, beat("a", 1)),
                Arguments.of("leaves", 1, beat("a", -1)),
                Arguments.of("leaves for a while", 1, beat("a", -2).setInstanceId("i")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wellFormed")
    void shouldAcceptWhatIsWellFormed(String what, int version, ConsumerGroupHeartbeatRequest request) {
        assertThat(rules.check((short) version, request)).isEmpty();
    }

    @Test
    void shouldRefuseAnAssignorThatIsNotThere() {
        assertThat(rules.check((short) 1, join("a", "t").setServerAssignor("mine")))
                .hasValueSatisfying(
                        response -> assertThat(response.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_ASSIGNOR.code()));
    }
}
