// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import io.kaon.server.Pipelining;
import io.kaon.server.Reply;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One request from its arrival until its answer has left. Owned by its {@link RequestSequence}. */
class Exchange {
    private final Pipelining pipelining;
    private final CompletableFuture<Void> hurry = new CompletableFuture<>();
    private long number;
    private Reply reply;

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
