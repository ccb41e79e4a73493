// SPDX-License-Identifier: Apache-2.0
package io.kaon.common;

/**
 * Who writes a batch: an idempotent or transactional producer in one of its lives.
 *
 * @param producerId given by the transaction coordinator, or by any broker to a producer without transactional id
 * @param epoch 0 to 32767; an older one of the same id is fenced
 */
public record ProducerIdAndEpoch(long producerId, short epoch) {}
