// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.common.Checks.require;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A data directory and whose it is.
 *
 * @param path the directory; it is made when it is missing
 * @param clusterId the cluster's id; empty to take the directory's, or to make one for a new directory
 * @param nodeId this broker's id
 * @param retentionCheckIntervalMs {@code log.retention.check.interval.ms}
 * @param checkpointIntervalMs how often recovery points and log start offsets are written down
 * @param highWatermarkIntervalMs {@code replica.high.watermark.checkpoint.interval.ms}
 * @param minFreeBytes {@code kaon.log.min.free.bytes}: clients' appends are refused while less is left; 0 for never; empty for
 *     the smaller of 64 MiB and a twentieth of the file system
 */
public record LogDirectoryOptions(
        Path path,
        Optional<String> clusterId,
        int nodeId,
        long retentionCheckIntervalMs,
        long checkpointIntervalMs,
        long highWatermarkIntervalMs,
        OptionalLong minFreeBytes) {
    /** Kafka's defaults: 5 minutes, 1 minute, 5 seconds. */
    public static final long DEFAULT_RETENTION_CHECK_INTERVAL_MS = 300_000;

    public static final long DEFAULT_CHECKPOINT_INTERVAL_MS = 60_000;
    public static final long DEFAULT_HIGH_WATERMARK_INTERVAL_MS = 5_000;

    public LogDirectoryOptions {
        require(nodeId >= 0, "node.id must be at least 0, was %s", nodeId);
        require(
                retentionCheckIntervalMs >= 1,
                "log.retention.check.interval.ms must be at least 1, was %s",
                retentionCheckIntervalMs);
        require(checkpointIntervalMs >= 1, "checkpointIntervalMs must be at least 1, was %s", checkpointIntervalMs);
        require(
                highWatermarkIntervalMs >= 1,
                "replica.high.watermark.checkpoint.interval.ms must be at least 1, was %s",
                highWatermarkIntervalMs);
        require(
                minFreeBytes.orElse(0) >= 0,
                "kaon.log.min.free.bytes must be at least 0, was %s",
                minFreeBytes.orElse(0));
    }

    /** With the default of what is kept free. */
    public LogDirectoryOptions(
            Path path,
            Optional<String> clusterId,
            int nodeId,
            long retentionCheckIntervalMs,
            long checkpointIntervalMs,
            long highWatermarkIntervalMs) {
        this(
                path,
                clusterId,
                nodeId,
                retentionCheckIntervalMs,
                checkpointIntervalMs,
                highWatermarkIntervalMs,
                OptionalLong.empty());
    }

    /** Kafka's intervals. */
    public static LogDirectoryOptions of(Path path, Optional<String> clusterId, int nodeId) {
        return new LogDirectoryOptions(
                path,
                clusterId,
                nodeId,
                DEFAULT_RETENTION_CHECK_INTERVAL_MS,
                DEFAULT_CHECKPOINT_INTERVAL_MS,
                DEFAULT_HIGH_WATERMARK_INTERVAL_MS);
    }

    /** The same with another {@code log.retention.check.interval.ms}. */
    public LogDirectoryOptions withRetentionCheckIntervalMs(long other) {
        return new LogDirectoryOptions(
                path, clusterId, nodeId, other, checkpointIntervalMs, highWatermarkIntervalMs, minFreeBytes);
    }

    /** The same with another {@code kaon.log.min.free.bytes}. */
    public LogDirectoryOptions withMinFreeBytes(OptionalLong other) {
        return new LogDirectoryOptions(
                path,
                clusterId,
                nodeId,
                retentionCheckIntervalMs,
                checkpointIntervalMs,
                highWatermarkIntervalMs,
                other);
    }
}
