// SPDX-License-Identifier: Apache-2.0
package io.kaon.common;

/** Our own state contradicts itself. The owner of that state stops; nobody repairs it quietly. */
public final class InvariantViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvariantViolation(String message) {
        super(message);
    }
}
