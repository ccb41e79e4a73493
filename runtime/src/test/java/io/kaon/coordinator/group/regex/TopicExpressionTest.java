// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.regex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicExpressionTest {
    private static final int MAX_TOPIC_LENGTH = 249;

    @Test
    void shouldMatchTheWholeName() {
        // When
        TopicExpression expression = TopicExpression.of("orders-[0-9]+");

        // Then
        assertThat(expression.matches("orders-12")).isTrue();
        assertThat(expression.matches("orders-12-dead")).isFalse();
        assertThat(expression.matches("my-orders-12")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orders",
                ".*",
                "",
                "a|b",
                "(?i)orders",
                "[^_].*",
                "\\Qa.b\\E",
                "x{2,3}",
                "a{200}",
                "[]a]+",
                "\\{x\\}",
                "[[:alpha:]]+\\d{1,3}",
                "\\pL+\\x{41}",
                "(a{10}){10}",
                "(?:x*)*"
            })
    void shouldAcceptTheSyntaxOfRe2(String expression) {
        assertThat(TopicExpression.problem(expression)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[a", "*", "a**", "(?=a)", "(a)\\1", "a{1001}", "a{2,1}", "\\", "x{10000}{10000}"})
    void shouldSayWhatIsWrongWithABadExpression(String expression) {
        // When
        TopicExpression harmless = TopicExpression.of(expression);

        // Then
        assertThat(TopicExpression.problem(expression))
                .hasValueSatisfying(it -> assertThat(it).endsWith("."));
        assertThat(harmless.matches("a")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((a{1000}){1000}){1000}", "((((.{30}){30}){30}){30}){30}", "(a{100,}){101}",
                        "(?:(?:[a-z]{500})+){500}",
                "(\\Qab\\E{1000}){1000}", "(\\pL{500}|x{500}){20}", "(.{0,90}){100}", "a{1000}"
            })
    void shouldRefuseWhatWouldGrowWhenItIsCompiled(String expression) {
        assertThat(TopicExpression.problem(expression))
                .hasValueSatisfying(it -> assertThat(it).contains("repeats too much"));
    }

    /** Each step of which may be tried at each character of each topic's name. */
    @Test
    void shouldRefuseExpressionsWithTooManyClassesAndOptions() {
        // Given
        String options = "a?".repeat(TopicExpression.MAX_COSTLY_STEPS);
        String classes = ".".repeat(TopicExpression.MAX_COSTLY_STEPS + 1);
        String names = "orders-eu-west-production|".repeat(300) + "prefix-.*";

        // When / Then
        assertThat(TopicExpression.problem(options)).isPresent();
        assertThat(TopicExpression.problem(classes)).isPresent();
        assertThat(TopicExpression.problem(names)).isEmpty();
    }

    @Test
    void shouldRefuseTooLongAndTooDeepExpressions() {
        // Given
        String tooLong = "a".repeat(TopicExpression.MAX_LENGTH + 1);
        String tooDeep = "(".repeat(TopicExpression.MAX_DEPTH + 1) + ")".repeat(TopicExpression.MAX_DEPTH + 1);

        // When / Then
        assertThat(TopicExpression.problem(tooLong)).isPresent();
        assertThat(TopicExpression.problem(tooDeep)).isPresent();
        assertThat(TopicExpression.problem("a".repeat(TopicExpression.MAX_LENGTH)))
                .isEmpty();
        assertThat(TopicExpression.problem(
                        "(".repeat(TopicExpression.MAX_DEPTH) + "a" + ")".repeat(TopicExpression.MAX_DEPTH)))
                .isEmpty();
    }

    /** With backtracking each of these takes longer than the age of the universe. */
    @ParameterizedTest
    @ValueSource(strings = {"(a+)+$", "(a|aa)+b", "(a|a?)+b", "(.*a){20}b", "(([a-z])+.)+[A-Z]([a-z])+$"})
    void shouldMatchInTimeLinearInTheName(String catastrophic) {
        // Given
        String name = "a".repeat(MAX_TOPIC_LENGTH - 1) + "!";
        TopicExpression expression = TopicExpression.of(catastrophic);

        // When
        boolean isMatch = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> expression.matches(name));

        // Then
        assertThat(isMatch).isFalse();
    }
}
