// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

import java.io.IOException;

/** A write failed and left no trace, for example because the disk is full: the next one may succeed. */
public final class NothingWrittenException extends IOException {
    private static final long serialVersionUID = 1L;

    public NothingWrittenException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
