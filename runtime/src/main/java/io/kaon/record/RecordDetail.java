// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

/**
 * How much of each record a reader wants. What it does not want is passed over and takes no memory, which counts: a
 * batch of a hundred kilobytes can decompress to one record with millions of headers.
 */
public enum RecordDetail {
    WHOLE,
    /** Offset, timestamp, key and value. */
    WITHOUT_HEADERS,
    /** Offset and timestamp; key and value are null. */
    PLACE
}
