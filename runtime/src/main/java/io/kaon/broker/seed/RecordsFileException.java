// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker.seed;

/** A records file cannot be read, or the broker did not take its records: the message says which, and where. */
public final class RecordsFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RecordsFileException(String message, Throwable cause) {
        super(message, cause);
    }

    RecordsFileException(String message) {
        super(message);
    }
}
