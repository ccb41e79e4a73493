// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Reading a region of a log file failed, or the file was shorter than the region says. */
public final class SliceReadException extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final long position;

    public SliceReadException(Path file, long position, IOException cause) {
        super("reading " + file + " at " + position + " failed", cause);
        this.file = file;
        this.position = position;
    }

    public Path file() {
        return file;
    }

    /** Where in the file, in bytes. */
    public long position() {
        return position;
    }
}
