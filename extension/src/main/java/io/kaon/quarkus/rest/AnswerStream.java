// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.CompletionStage;

/**
 * The content of a streamed answer. Any thread may call; one piece at a time: the next one is written when the stage of
 * the one before is done. That is how a slow client slows the writer down instead of filling memory.
 */
public interface AnswerStream {
    /**
     * Writes bytes.
     *
     * @return done when there is room for more, on a worker of the REST API; fails with {@link java.io.IOException}
     *     when the client is gone
     */
    CompletionStage<Void> write(byte[] piece);

    /** Writes a JSON value as one line. */
    CompletionStage<Void> line(JsonNode value);

    /** Ends the content. Idempotent. */
    void end();

    /**
     * Ends the content before its time: a line-wise stream gets a last line with the member {@code problem}, of other
     * content the connection is cut, so that nobody takes it for complete. Idempotent.
     */
    void fail(Throwable failure);

    /** Whether the client is gone or the content has ended. */
    boolean isClosed();

    /** Runs a task once when the client goes or the content ends; at once if that has happened. It must not block. */
    void onClose(Runnable task);
}
