// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

/**
 * An append turned out to compute for longer than its thread may: the records decompress to far more than their size
 * says. Nothing has happened; the same append is to be made again where {@code SerialExecutor.mayBlock} holds. Not an
 * error, and without a stack trace.
 */
public final class AppendTakesLongException extends RuntimeException {
    private static final long serialVersionUID = 1;

    AppendTakesLongException(String message) {
        super(message, null, false, false);
    }
}
