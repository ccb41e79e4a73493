// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.common.ErrorCode;
import io.kaon.wire.ApiMessage;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * Decides what becomes of a request before its handler sees it, whether it came by TCP or from the same JVM: the seam for
 * fault injection. A broker has none unless somebody sets one, and then costs one volatile read a request.
 */
@FunctionalInterface
public interface RequestFilter {
    /** Lets everything pass. */
    RequestFilter NONE = (context, request) -> new Pass();

    /**
     * Called on the connection's event loop, one request of a connection after the other; must not block. The request is
     * not to be changed, nor kept: its record bytes belong to the broker.
     */
    Verdict judge(RequestContext context, ApiMessage request);

    /** The broker closes: whatever is held must go, for the listeners wait for it. */
    default void onClose() {}

    /** What becomes of a request. */
    sealed interface Verdict permits Pass, Fail, Disconnect, LoseAnswer, Hold {}

    /** It is served. */
    record Pass() implements Verdict {}

    /**
     * It is answered with an error and has no effect. Where an api answers for each topic, so does the error.
     *
     * @param topics which topics of a Produce or Fetch are refused; the others are served
     */
    record Fail(ErrorCode error, Predicate<TopicName> topics) implements Verdict {}

    /** It has no effect and no answer: the connection is closed. */
    record Disconnect() implements Verdict {}

    /** It is served, but the connection is closed instead of the answer. */
    record LoseAnswer() implements Verdict {}

    /**
     * What {@code then} says happens at once; the answer leaves no earlier than {@code until} completes. On a TCP
     * connection the answers to later requests wait behind it.
     */
    record Hold(CompletionStage<?> until, Verdict then) implements Verdict {}
}
