// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.wire.ApiMessage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What becomes of a request: an answer, silence (Produce with acks=0), or the end of its connection (C12). */
public sealed interface Reply permits Reply.Answer, Reply.NoResponse, Reply.CloseConnection {
    /** Nothing is sent. */
    NoResponse NO_RESPONSE = new NoResponse();

    /** A response is sent, in the order of the requests. */
    record Answer(ApiMessage message) implements Reply {}

    /** Nothing is sent and the connection goes on. */
    record NoResponse() implements Reply {}

    /** Nothing is sent; the connection is closed once the answers before this one have left. */
    record CloseConnection(String reason) implements Reply {}

    /** An answer that is there already. */
    static CompletionStage<Reply> now(ApiMessage message) {
        return CompletableFuture.completedFuture(new Answer(message));
    }

    /** An answer that comes later. */
    static CompletionStage<Reply> later(CompletionStage<? extends ApiMessage> message) {
        return message.thenApply(Answer::new);
    }
}
