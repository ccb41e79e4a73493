// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

/**
 * What lies at a place where a batch should begin: a batch ({@link BatchHeader}, and {@link RecordBatch} where all of
 * it is in memory), the clean end, a batch that was cut short, or bytes that are no batch.
 */
public sealed interface BatchOutcome permits BatchHeader, EndOfBatches, TruncatedBatch, MalformedBatch {}
