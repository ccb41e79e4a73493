// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import io.kaon.server.Pipelining;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.RequestRouter;
import io.kaon.telemetry.RequestMeters;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.ApiKey;
import java.util.concurrent.CompletionStage;

/**
 * What the network asks of the server: the router, for TCP and in-JVM callers alike. Called on the event loop of the
 * connection, one call at a time for each connection.
 */
public interface RequestPort {
    /** How requests of this api overlap with others of their connection. */
    Pipelining pipelining(ApiKey api);

    /**
     * Answers a request, on any thread. Record bytes in the request are valid until the result completes; those in the
     * answer are released by the network.
     */
    CompletionStage<Reply> handle(RequestContext context, ApiMessage request);

    /** What requests are counted with. */
    RequestMeters meters();

    /** The broker's router as the network sees it. */
    static RequestPort of(RequestRouter router) {
        return new RequestPort() {
            @Override
            public Pipelining pipelining(ApiKey api) {
                return router.pipelining(api);
            }

            @Override
            public CompletionStage<Reply> handle(RequestContext context, ApiMessage request) {
                return router.handle(context, request);
            }

            @Override
            public RequestMeters meters() {
                return router.meters();
            }
        };
    }
}
