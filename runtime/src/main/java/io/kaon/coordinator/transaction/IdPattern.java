// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The regular expression of ListTransactions (version 2, KIP-1152), which is to match a whole transactional id. Kafka
 * takes RE2's syntax; here it is that of the JDK, of which the usual part is the same. What the JDK cannot bound is
 * bounded here: an expression that looks at too many characters of one id matches nothing there, and neither does an
 * id longer than any that people give.
 */
final class IdPattern implements Predicate<String> {
    static final int MAX_PATTERN_LENGTH = 1_024;
    static final int MAX_ID_LENGTH = 1_024;
    /** How often each character of an id may be looked at: a match that goes straight through needs a few looks. */
    static final int MAX_LOOKS_PER_CHARACTER = 64;

    private final Pattern pattern;

    private IdPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** Empty when it is no regular expression, or too long for one. */
    static Optional<IdPattern> compile(String expression) {
        if (expression.length() > MAX_PATTERN_LENGTH) {
            return Optional.empty();
        }
        try {
            return Optional.of(new IdPattern(Pattern.compile(expression)));
        } catch (PatternSyntaxException | StackOverflowError refused) {
            // The second: the JDK's compiler recurses into nested groups.
            return Optional.empty();
        }
    }

    @Override
    public boolean test(String transactionalId) {
        if (transactionalId.length() > MAX_ID_LENGTH) {
            return false;
        }
        try {
            return pattern.matcher(new CountedText(transactionalId)).matches();
        } catch (TooManyLooksException | StackOverflowError givenUp) {
            // The second: the JDK's matcher recurses into groups that repeat. It holds nothing that could be left
            // broken.
            return false;
        }
    }

    /** Counts how often a character is looked at: the time that matching takes. */
    private static final class CountedText implements CharSequence {
        private final String text;
        private int looks;

        CountedText(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++looks > MAX_LOOKS_PER_CHARACTER * (text.length() + 1)) {
                throw new TooManyLooksException();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }
    }

    private static final class TooManyLooksException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooManyLooksException() {
            super("the expression looks at too many characters", null, false, false);
        }
    }
}
