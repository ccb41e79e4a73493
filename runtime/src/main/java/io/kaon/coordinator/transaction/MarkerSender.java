// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.wire.message.WriteTxnMarkersRequest;
import io.kaon.wire.message.WriteTxnMarkersResponse;
import java.util.concurrent.CompletionStage;

/** Takes the ends of transactions to the leaders of their partitions. Any thread. */
@FunctionalInterface
public interface MarkerSender {
    /**
     * Sends the markers to a broker, which may be this one. The answer may come on any thread; failing, or refusing
     * single partitions, is answered by another try later.
     *
     * <p>It always comes, if only by a timeout, which is the sender's: a request that was given up must not be carried
     * out once the stage has failed (its connection is closed), or a late marker would end the next transaction of a
     * producer that keeps its epoch (before transaction.version 2).
     */
    CompletionStage<WriteTxnMarkersResponse> send(int brokerId, WriteTxnMarkersRequest request);
}
