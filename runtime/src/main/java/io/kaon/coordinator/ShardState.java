// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;

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

    /**
     * Takes in a record of a transaction that is still open: it counts from the producer's next {@link #replayMarker}
     * on, if that says so. Like {@link #replay} in everything else. A coordinator that writes no transactions leaves
     * such a record aside.
     */
    default void replayTransactional(long offset, ProducerIdAndEpoch producer, R record) {}

    /**
     * The transaction of a producer ends here, in this log. Like {@link #replay} in everything else.
     *
     * @param producerId there may be no open transaction of it here
     * @param epoch the marker's; with transaction.version 2 one more than that of the records
     * @param committed false if the transaction is aborted
     */
    default void replayMarker(long offset, long producerId, short epoch, boolean committed) {}

    /** Everything below {@code offset} is committed now. Never goes back. */
    void onCommitted(long offset);

    /** The log has been replayed to its end: timers may start. */
    void onLoaded();

    /** This broker no longer leads the partition: whoever waits is to be told so. Nothing else will be called. */
    void onUnloaded(ErrorCode reason);
}
