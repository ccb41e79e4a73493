// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

/**
 * The records are in the log; whether they are committed is the high watermark's to say.
 *
 * @param baseOffset offset of the first record
 * @param lastOffset offset of the last record
 * @param logAppendTimeMs the time that all records were given, −1 unless the topic stamps them with it
 * @param logStartOffset the log's first offset
 * @param duplicate whether they were there before: the answer is the first append's
 */
public record Appended(long baseOffset, long lastOffset, long logAppendTimeMs, long logStartOffset, boolean duplicate)
        implements AppendResult {}
