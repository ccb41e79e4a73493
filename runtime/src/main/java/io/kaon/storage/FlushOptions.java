// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.common.Checks.require;

/**
 * When a log is synced to disk, beside the end of a segment and a clean end.
 *
 * @param messages {@code flush.messages}: records after which it is synced; {@link Long#MAX_VALUE} for never
 * @param ms {@code flush.ms}: milliseconds after which what was written is synced; {@link Long#MAX_VALUE} for never
 * @param durability {@code kaon.durability}: what an acknowledgement with acks=all stands for
 */
public record FlushOptions(long messages, long ms, Durability durability) {
    /** Kafka's defaults: the operating system decides. */
    public static final FlushOptions DEFAULT = new FlushOptions(Long.MAX_VALUE, Long.MAX_VALUE, Durability.OS);

    public FlushOptions {
        require(messages >= 1, "flush.messages must be at least 1, was %s", messages);
        require(ms >= 0, "flush.ms must be at least 0, was %s", ms);
    }
}
