// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import io.kaon.exec.SerialExecutor;

/**
 * Makes the empty state machine of a shard that starts to load. Runs inside the owner.
 *
 * @param <R> the records
 * @param <S> the state machine
 */
@FunctionalInterface
public interface ShardFactory<R, S extends ShardState<R>> {
    S create(ShardWriter<R> writer, ShardTimers timers, Timeline timeline, SerialExecutor owner);
}
