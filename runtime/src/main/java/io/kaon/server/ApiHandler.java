// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.wire.ApiMessage;
import java.util.concurrent.CompletionStage;

/**
 * Serves one api. Called on the connection's event loop (or an in-JVM caller's thread) and never blocks; the result may
 * complete on any thread. What the request points to is valid until then.
 */
@FunctionalInterface
public interface ApiHandler<Q extends ApiMessage> {
    CompletionStage<Reply> handle(RequestContext context, Q request);
}
