// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

/**
 * The bytes inside a batch are not what its format says. Thrown while records are read or decompressed; the request
 * boundary answers INVALID_RECORD. It carries no stack trace: whoever sends bad batches shall not make us collect one
 * each time.
 */
public class MalformedBatchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedBatchException(String message) {
        super(message, null, false, false);
    }

    public MalformedBatchException(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}
