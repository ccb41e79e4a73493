// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import io.kaon.server.Pipelining;
import io.kaon.server.Reply;
import io.kaon.telemetry.ApiMeter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One request from its arrival until its answer has left. Owned by its {@link RequestSequence}. */
class Exchange {
    private final Pipelining pipelining;
    private final CompletableFuture<Void> hurry = new CompletableFuture<>();
    private long number;
    private Reply reply;
    private long arrivedNs;
    private long startedNs;
    private long handledNs;
    private long repliedNs;
    private long leftNs;

    Exchange(Pipelining pipelining) {
        this.pipelining = pipelining;
    }

    final Pipelining pipelining() {
        return pipelining;
    }

    /** Completes when a waiting fetch should answer with what it has. */
    final CompletionStage<Void> hurry() {
        return hurry.minimalCompletionStage();
    }

    final void hurryUp() {
        hurry.complete(null);
    }

    /** The place among the requests of its connection. */
    final long number() {
        return number;
    }

    final void number(long place) {
        number = place;
    }

    final void arrivedAt(long nowNs) {
        arrivedNs = nowNs;
    }

    final void startedAt(long nowNs) {
        startedNs = nowNs;
    }

    /** The router has given the thread back, without a reply until now. */
    final void handledAt(long nowNs) {
        handledNs = nowNs;
    }

    final void repliedAt(long nowNs) {
        repliedNs = nowNs;
        handledNs = handledNs == 0 ? nowNs : handledNs;
    }

    /** The answers before it have left. */
    final void leftAt(long nowNs) {
        leftNs = nowNs;
    }

    /**
     * Counts the exchange, which is over.
     *
     * @param sentNs when it had left
     */
    final void count(ApiMeter meter, short version, long sentNs) {
        meter.answered(version);
        meter.queue().record(startedNs - arrivedNs);
        meter.local().record(handledNs - startedNs);
        meter.remote().record(repliedNs - handledNs);
        meter.responseQueue().record(leftNs - repliedNs);
        meter.send().record(sentNs - leftNs);
        meter.total().record(sentNs - arrivedNs);
    }

    final boolean isAnswered() {
        return reply != null;
    }

    final Optional<Reply> reply() {
        return Optional.ofNullable(reply);
    }

    final void answered(Reply with) {
        reply = with;
    }
}
