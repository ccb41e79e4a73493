// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordination;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The journal cannot be read or written. The message is one sentence for the operator. */
public class JournalException extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    public JournalException(String message) {
        super(message, new IOException(message));
    }

    public JournalException(String message, Throwable cause) {
        super(message, cause instanceof IOException failed ? failed : new IOException(cause));
    }
}
