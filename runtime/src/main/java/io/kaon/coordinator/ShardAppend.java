// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import io.kaon.common.ErrorCode;

/** What the log said to a batch of a shard. */
public sealed interface ShardAppend {
    /**
     * The records are in the log, not yet committed.
     *
     * @param baseOffset the offset of the first one; the others follow without gaps
     */
    record Appended(long baseOffset) implements ShardAppend {}

    /**
     * Nothing was written.
     *
     * @param error as the log names it; the coordinator turns it into what its clients understand
     * @param message for the log
     */
    record Refused(ErrorCode error, String message) implements ShardAppend {}
}
