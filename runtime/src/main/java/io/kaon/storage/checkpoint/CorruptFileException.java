// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/** A file is there and readable, and what it says cannot be. */
public final class CorruptFileException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param what a phrase that continues the file's name: "ends inside a line" */
    public CorruptFileException(Path file, String what) {
        super(file + " " + what);
    }
}
