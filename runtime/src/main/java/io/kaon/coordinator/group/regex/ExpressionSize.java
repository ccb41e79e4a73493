// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.regex;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * An upper estimate of how large an expression becomes when it is compiled, made before it is: a counted repetition is
 * written out, so {@code ((a{1000}){1000}){1000}} would fill the memory while it is compiled. Of these steps some are
 * costly when a name is matched, since they may be tried at each of its characters: those of what repeats, and classes
 * such as {@code .} or {@code [a-z]}. Syntax errors are not looked for: what is wrong is estimated somehow and refused
 * by the compiler.
 */
final class ExpressionSize {
    private static final int MAX_COUNT_DIGITS = 4;
    /** A group's begin and end are remembered by an instruction each. */
    private static final Weight GROUP = new Weight(2, 0);

    private static final Weight LITERAL = new Weight(1, 0);
    private static final Weight CLASS = new Weight(1, 1);

    private final String expression;
    private final Deque<Weight> outer = new ArrayDeque<>();
    private Weight total = Weight.NOTHING;
    private Weight last = Weight.NOTHING;
    private int position;
    private int depth;

    private ExpressionSize(String expression) {
        this.expression = expression;
    }

    static ExpressionSize of(String expression) {
        ExpressionSize size = new ExpressionSize(expression);
        size.scan();
        return size;
    }

    /** Instructions, roughly; {@link Long#MAX_VALUE} is never passed. */
    long steps() {
        return total.steps;
    }

    /** Those of them that may be tried at each character of a name. */
    long costlySteps() {
        return total.costly;
    }

    /** Groups within groups. */
    int depth() {
        return depth;
    }

    private void scan() {
        while (position < expression.length()) {
            char next = expression.charAt(position++);
            switch (next) {
                case '(' -> open();
                case ')' -> close();
                case '[' -> skipClass();
                case '\\' -> skipEscape();
                case '{' -> repeat();
                case '*', '+', '?' -> again(1);
                case '.' -> add(CLASS);
                default -> add(LITERAL);
            }
        }
        while (!outer.isEmpty()) {
            close();
        }
    }

    private void open() {
        outer.push(total);
        total = Weight.NOTHING;
        last = Weight.NOTHING;
        depth = Math.max(depth, outer.size());
    }

    private void close() {
        Weight inside = total.plus(GROUP);
        total = outer.isEmpty() ? Weight.NOTHING : outer.pop();
        add(inside);
    }

    private void add(Weight more) {
        last = more;
        total = total.plus(more);
    }

    /** What was last is there that many times more; all of it is costly then. */
    private void again(int times) {
        total = total.minus(last);
        add(last.repeated(times));
    }

    /** What was last is there as often as the larger number says. */
    private void repeat() {
        int end = expression.indexOf('}', position);
        int max = end < 0 ? -1 : maxCount(expression.substring(position, end));
        if (max < 0) {
            add(LITERAL); // a brace that is none of a repetition
            return;
        }
        position = end + 1;
        again(max);
    }

    /** −1 when it is no repetition. */
    private static int maxCount(String braces) {
        int max = -1;
        for (String count : braces.split(",", 2)) {
            if (!count.isEmpty() && !count.chars().allMatch(it -> it >= '0' && it <= '9')) {
                return -1;
            }
            if (count.length() > MAX_COUNT_DIGITS) {
                return -1; // more than a repetition may have: refused by the compiler
            }
            max = count.isEmpty() ? max : Math.max(max, Integer.parseInt(count));
        }
        return max;
    }

    /** A class is one instruction, however long. Its first character may be the bracket that otherwise ends it. */
    private void skipClass() {
        if (position < expression.length() && expression.charAt(position) == '^') {
            position++;
        }
        boolean isFirst = true;
        while (position < expression.length()) {
            char next = expression.charAt(position++);
            if (next == ']' && !isFirst) {
                break;
            }
            if (next == '\\') {
                position++;
            } else if (next == '[' && position < expression.length() && expression.charAt(position) == ':') {
                int end = expression.indexOf(":]", position);
                position = end < 0 ? position : end + 2;
            }
            isFirst = false;
        }
        add(CLASS);
    }

    private void skipEscape() {
        char escaped = position < expression.length() ? expression.charAt(position) : '\\';
        position++;
        if (escaped == 'Q') {
            skipQuotation();
            return;
        }
        boolean hasBraces =
                "pPx".indexOf(escaped) >= 0 && position < expression.length() && expression.charAt(position) == '{';
        if (hasBraces) {
            int end = expression.indexOf('}', position);
            position = end < 0 ? expression.length() : end + 1;
        }
        add(Character.isLetter(escaped) ? CLASS : LITERAL);
    }

    /** Of a quotation only the last character is repeated by what follows. */
    private void skipQuotation() {
        int end = expression.indexOf("\\E", position);
        int stop = end < 0 ? expression.length() : end;
        for (int i = position; i < stop; i++) {
            add(LITERAL);
        }
        position = end < 0 ? stop : end + 2;
    }

    /** How much a part of the expression weighs. Sums end at {@link Long#MAX_VALUE}. */
    private record Weight(long steps, long costly) {
        static final Weight NOTHING = new Weight(0, 0);

        Weight plus(Weight other) {
            return new Weight(sum(steps, other.steps), sum(costly, other.costly));
        }

        Weight minus(Weight other) {
            return new Weight(steps - other.steps, costly - other.costly);
        }

        /** One more than the number says: what is repeated has a beginning and an end. */
        Weight repeated(int times) {
            long factor = times + 1L;
            long product = steps > Long.MAX_VALUE / factor ? Long.MAX_VALUE : steps * factor;
            return new Weight(product, product);
        }

        private static long sum(long one, long other) {
            return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
        }
    }
}
