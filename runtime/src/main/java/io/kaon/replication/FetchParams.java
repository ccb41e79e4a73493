// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

/**
 * What one fetch may wait for and return.
 *
 * @param minBytes answers as soon as this many bytes are there
 * @param maxBytes soft bound of the whole answer: the first batch of the first partition with data is returned even if larger
 * @param maxWaitMs answers after this time with what there is
 * @param readCommitted whether only what is below the last stable offset is returned (isolation level 1)
 */
public record FetchParams(int minBytes, int maxBytes, int maxWaitMs, boolean readCommitted) {}
