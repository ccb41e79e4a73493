// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import static io.kaon.common.Checks.require;

/**
 * Settings of a shard.
 *
 * @param maxBatchBytes the largest batch that the internal topic takes (its {@code max.message.bytes})
 * @param commitTimeoutMs how long a write may wait for its commit ({@code offsets.commit.timeout.ms})
 * @param loadChunkBytes about how much is read and replayed at a time ({@code offsets.load.buffer.size} in Kafka)
 * @param loadGraceMs how long a request waits for a shard that loads before it is told to come again: most shards are
 *     small, and a client that is sent away comes back after its backoff only
 */
public record ShardOptions(int maxBatchBytes, int commitTimeoutMs, int loadChunkBytes, int loadGraceMs) {
    /** What Kafka has when nothing is set. */
    public static final ShardOptions DEFAULTS = new ShardOptions(1_048_588, 5_000, 1_048_576, 100);

    public ShardOptions {
        require(maxBatchBytes >= 1, "maxBatchBytes must be at least 1, was %s", maxBatchBytes);
        require(commitTimeoutMs >= 1, "offsets.commit.timeout.ms must be at least 1, was %s", commitTimeoutMs);
        require(loadChunkBytes >= 1, "offsets.load.buffer.size must be at least 1, was %s", loadChunkBytes);
        require(loadGraceMs >= 0, "loadGraceMs is not negative, was %s", loadGraceMs);
    }
}
