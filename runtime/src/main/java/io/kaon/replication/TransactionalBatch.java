// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.storage.AppendResult;
import io.kaon.storage.producer.ProducerBatch;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * A batch of a transaction on its way into a partition.
 *
 * @param records the batch
 * @param header what it says of its producer, not checked yet
 * @param acks when it is acknowledged
 * @param timeoutMs how long {@code acks=all} may wait
 * @param gate the way to the coordinator
 * @param answer for the client
 */
record TransactionalBatch(
        ByteBuffer records,
        ProducerBatch header,
        Acks acks,
        int timeoutMs,
        TransactionGate gate,
        CompletableFuture<AppendResult> answer) {}
