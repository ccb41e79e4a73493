// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import io.kaon.common.ErrorCode;

/**
 * The state machine of a shard. Every method runs inside the shard's owner.
 *
 * @param <R> its records
 */
public interface ShardState<R> {
    /**
     * Takes in a record that stands in the log at {@code offset}. The only way in which persisted state changes, when
     * loading and when serving.
     */
    void replay(long offset, R record);

    /** Everything below {@code offset} is committed now. Never goes back. */
    void onCommitted(long offset);

    /** The log has been replayed to its end: timers may start. */
    void onLoaded();

    /** This broker no longer leads the partition: whoever waits is to be told so. Nothing else will be called. */
    void onUnloaded(ErrorCode reason);
}
