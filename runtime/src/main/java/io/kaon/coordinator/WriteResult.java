// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import io.kaon.common.ErrorCode;

/** How a write of a shard ended. */
public sealed interface WriteResult {
    /** Written and committed, or nothing had to be written and what the decision read is committed. */
    record Committed() implements WriteResult {
        static final Committed INSTANCE = new Committed();
    }

    /**
     * Refused by the log, or not known to be committed: the coordinator moved ({@code NOT_COORDINATOR}) or the replicas
     * took too long ({@code REQUEST_TIMED_OUT}). In the second case the records may still become committed.
     *
     * @param error the log's code, or one of the two above
     */
    record Failed(ErrorCode error) implements WriteResult {}
}
