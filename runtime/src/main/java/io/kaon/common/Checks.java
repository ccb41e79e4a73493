// SPDX-License-Identifier: Apache-2.0
package io.kaon.common;

/** The two questions that code asks of its input and of itself. Messages use {@link String#format} notation. */
public final class Checks {
    private Checks() {}

    /** Throws {@link IllegalArgumentException} unless the condition holds: the caller gave a wrong value. */
    public static void require(boolean condition, String message, Object... arguments) {
        if (!condition) {
            throw new IllegalArgumentException(String.format(message, arguments));
        }
    }

    /** Throws {@link InvariantViolation} unless the condition holds: our own state is wrong and its owner must stop. */
    public static void invariant(boolean condition, String message, Object... arguments) {
        if (!condition) {
            throw new InvariantViolation(String.format(message, arguments));
        }
    }
}
