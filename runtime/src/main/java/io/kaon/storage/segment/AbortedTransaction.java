// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

/**
 * A transaction that was aborted: its records in the log are not for readers of committed records.
 *
 * @param producerId whose
 * @param firstOffset of its first record
 * @param lastOffset offset of its marker, in whose segment this is noted
 * @param lastStableOffset exclusive end of what was decided when the marker was appended: a transaction that is noted
 *     later begins there or behind
 */
public record AbortedTransaction(long producerId, long firstOffset, long lastOffset, long lastStableOffset) {}
