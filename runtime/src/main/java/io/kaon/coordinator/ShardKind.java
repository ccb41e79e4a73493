// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

/**
 * What the shards of one coordinator have in common.
 *
 * @param topic the internal topic
 * @param codec its records
 * @param factory its state machine
 * @param time clock and timers
 * @param options settings
 * @param <R> the records
 * @param <S> the state machine
 */
public record ShardKind<R, S extends ShardState<R>>(
        String topic, RecordCodec<R> codec, ShardFactory<R, S> factory, ShardClock time, ShardOptions options) {}
