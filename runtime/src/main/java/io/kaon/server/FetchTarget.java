// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

/**
 * What a client wants to read from one partition.
 *
 * @param fetchOffset where to read on
 * @param maxBytes soft bound for this partition
 * @param currentLeaderEpoch the leader epoch that the client knows, −1 for none
 * @param lastFetchedEpoch the epoch of the last batch that the client has, −1 for none
 */
public record FetchTarget(FetchKey key, long fetchOffset, int maxBytes, int currentLeaderEpoch, int lastFetchedEpoch) {}
