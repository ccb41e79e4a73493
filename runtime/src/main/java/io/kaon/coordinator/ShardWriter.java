// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * How a state machine writes. Owner only.
 *
 * @param <R> the records
 */
public interface ShardWriter<R> {
    /**
     * Appends the records as one batch and replays them; the result comes, inside the owner, when they are committed.
     * With no records it comes when all that was written before is committed: a decision that only read may rest on it.
     * On one replica the result is there at once.
     */
    CompletionStage<WriteResult> write(List<R> records);
}
