// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.record.FileSlice;

/** What a read found. */
public sealed interface ReadResult {
    /**
     * Bytes that begin with the batch that contains the offset asked for, or with the next one where there is
     * none. They may
     * end inside a batch. None when there is nothing to read yet. Whoever gets the slice releases it.
     *
     * @param slice the region of a segment's file
     */
    record Region(FileSlice slice) implements ReadResult {}

    /** The offset is not in the log: before its start, or past its end. */
    record OutOfRange() implements ReadResult {}
}
