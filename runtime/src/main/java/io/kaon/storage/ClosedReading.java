// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

/**
 * What is known of a partition whose log is not open, without opening it.
 *
 * @param logStartOffset the first offset that can be read
 * @param logEndOffset the offset of the next record
 * @param sizeInBytes of all segments; {@link #UNKNOWN} until somebody has looked at the files
 * @param segments how many there are; {@link #UNKNOWN} likewise
 */
public record ClosedReading(long logStartOffset, long logEndOffset, long sizeInBytes, int segments) {
    /** Stands for a size that is not known. */
    public static final int UNKNOWN = -1;

    public boolean isSizeKnown() {
        return sizeInBytes != UNKNOWN;
    }
}
