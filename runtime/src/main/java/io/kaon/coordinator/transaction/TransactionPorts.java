// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.ClusterImage;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * What the transaction coordinator needs of the broker around it. All of it is for any thread.
 *
 * @param topic {@code __transaction_state}
 * @param markers the way to the leaders of partitions
 * @param metadata the newest image: who leads what, and the finalized level of {@code transaction.version}
 * @param producerIds gives a producer id that nobody has had; fails when there is none now
 * @param groupPartition the partition of {@code __consumer_offsets} that holds the offsets of a group
 * @param offsetsTopic makes {@code __consumer_offsets} if it is not there; NONE when it is, and known here
 * @param background for what takes long and needs no owner
 */
public record TransactionPorts(
        TransactionsTopic topic,
        MarkerSender markers,
        Supplier<ClusterImage> metadata,
        Supplier<CompletionStage<Long>> producerIds,
        ToIntFunction<String> groupPartition,
        Supplier<CompletionStage<ErrorCode>> offsetsTopic,
        Executor background) {}
