// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

import java.io.IOException;
import java.nio.file.Path;

/** A reader came too late: the segment was deleted under it. What it looked for is before the log start offset now. */
public final class SegmentGoneException extends IOException {
    private static final long serialVersionUID = 1L;

    SegmentGoneException(Path file) {
        super(file + " is deleted");
    }
}
