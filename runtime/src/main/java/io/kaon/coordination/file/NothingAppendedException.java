// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordination.file;

import java.io.IOException;

/** A write failed and left no trace, for example because the disk is full: the next one may succeed. */
final class NothingAppendedException extends IOException {
    private static final long serialVersionUID = 1L;

    NothingAppendedException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
