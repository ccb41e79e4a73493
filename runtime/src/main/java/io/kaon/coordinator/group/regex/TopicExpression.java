// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.regex;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Optional;

/**
 * A regular expression over names of topics, which must match the whole name. Immutable, any thread. The syntax is that
 * of RE2, without back references and look-around, hence without expressions that take for ever.
 */
public final class TopicExpression {
    /** Characters that an expression may have. Kafka has no such bound. */
    public static final int MAX_LENGTH = 8_192;

    /** What an expression may grow to when its counted repetitions are written out. Kafka has no such bound. */
    static final int MAX_STEPS = 10_000;

    /**
     * How many of its steps may have to be tried at each character of a name: classes, and all that repeats. With ten
     * thousand topics this many take a second, which is not the owner's ({@link ExpressionLookup}). Kafka has no such
     * bound.
     */
    static final int MAX_COSTLY_STEPS = 300;

    /** Groups within groups, for the stack's sake. */
    static final int MAX_DEPTH = 200;

    private final Optional<Pattern> pattern;

    private TopicExpression(Optional<Pattern> pattern) {
        this.pattern = pattern;
    }

    /** Why nobody may subscribe with it (INVALID_REGULAR_EXPRESSION), as a sentence; empty for a good one. */
    public static Optional<String> problem(String expression) {
        Optional<String> tooLarge = excess(expression);
        if (tooLarge.isPresent()) {
            return tooLarge;
        }
        try {
            Pattern.compile(expression);
            return Optional.empty();
        } catch (PatternSyntaxException wrong) {
            return Optional.of(
                    "'" + expression + "' is not a valid regular expression: " + wrong.getDescription() + ".");
        }
    }

    /** Of an expression with a {@link #problem}, such as one that a record from elsewhere holds: it matches nothing. */
    public static TopicExpression of(String expression) {
        return new TopicExpression(
                problem(expression).isPresent() ? Optional.empty() : Optional.of(Pattern.compile(expression)));
    }

    /** How many steps may have to be tried at each character of a name, at least 1. */
    static long cost(String expression) {
        return 1 + Math.min(MAX_COSTLY_STEPS, ExpressionSize.of(expression).costlySteps());
    }

    /** Whether the whole name matches. */
    public boolean matches(String topic) {
        return pattern.isPresent() && pattern.get().matches(topic);
    }

    private static Optional<String> excess(String expression) {
        if (expression.length() > MAX_LENGTH) {
            return Optional.of("A regular expression may have " + MAX_LENGTH + " characters, this one has "
                    + expression.length() + ".");
        }
        ExpressionSize size = ExpressionSize.of(expression);
        if (size.steps() > MAX_STEPS) {
            return Optional.of("The regular expression repeats too much: written out it would have more than "
                    + MAX_STEPS + " steps.");
        }
        if (size.costlySteps() > MAX_COSTLY_STEPS) {
            return Optional.of("The regular expression repeats too much: classes, and what is repeated, may have "
                    + MAX_COSTLY_STEPS + " steps.");
        }
        return size.depth() > MAX_DEPTH
                ? Optional.of("The regular expression has more than " + MAX_DEPTH + " groups within groups.")
                : Optional.empty();
    }
}
