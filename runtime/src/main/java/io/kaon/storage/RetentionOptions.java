// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.common.Checks.require;

/**
 * What may be deleted, and how. Nothing past the high watermark ever is.
 *
 * @param deletes whether {@code cleanup.policy} has {@code delete}
 * @param compacts whether {@code cleanup.policy} has {@code compact}
 * @param retentionMs {@code retention.ms}; −1 for no limit
 * @param retentionBytes {@code retention.bytes}; −1 for no limit
 * @param fileDeleteDelayMs {@code file.delete.delay.ms}: between the renaming of a deleted file and its removal
 */
public record RetentionOptions(
        boolean deletes, boolean compacts, long retentionMs, long retentionBytes, long fileDeleteDelayMs) {
    /** Kafka's defaults: delete after 7 days, no limit of size, a minute until removal. */
    public static final RetentionOptions DEFAULT = new RetentionOptions(true, false, 604_800_000L, -1, 60_000);

    public RetentionOptions {
        require(retentionMs >= -1, "retention.ms must be at least -1, was %s", retentionMs);
        require(retentionBytes >= -1, "retention.bytes must be at least -1, was %s", retentionBytes);
        require(fileDeleteDelayMs >= 0, "file.delete.delay.ms must be at least 0, was %s", fileDeleteDelayMs);
    }
}
