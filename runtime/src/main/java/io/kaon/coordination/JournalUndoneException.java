// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordination;

/**
 * An append failed and left no trace, and so did all that were made on top of it: the journal is as it was before them
 * and takes new ones. The disk was full, say (R5).
 */
public final class JournalUndoneException extends JournalException {
    private static final long serialVersionUID = 1L;

    public JournalUndoneException(String message, Throwable cause) {
        super(message, cause);
    }
}
