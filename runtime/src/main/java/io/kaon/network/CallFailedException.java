// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

/** An in-JVM call has no answer: the caller is closed, or where TCP would close the connection. */
public final class CallFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CallFailedException(String message) {
        super(message);
    }
}
