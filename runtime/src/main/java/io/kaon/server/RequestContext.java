// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.wire.message.ApiKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A request's circumstances.
 *
 * @param api which api
 * @param version the version of request and response; of the codec's range
 * @param clientId the header's client id, empty when it had none
 * @param connection where it came from
 * @param principal who sent it, as of the moment when it arrived
 * @param hurry completes when a waiting fetch should answer with what it has, because a later request's answer is ready
 */
public record RequestContext(
        ApiKey api,
        short version,
        String clientId,
        ClientConnection connection,
        Principal principal,
        CompletionStage<?> hurry) {

    /** A request that arrives now. */
    public static RequestContext of(
            ApiKey api, short version, String clientId, ClientConnection connection, CompletionStage<?> hurry) {
        return new RequestContext(api, version, clientId, connection, connection.principal(), hurry);
    }

    /** The same for a fetch that is not to wait. */
    RequestContext hurried() {
        return new RequestContext(
                api, version, clientId, connection, principal, CompletableFuture.completedFuture(null));
    }

    public Listener listener() {
        return connection.listener();
    }

    public String clientHost() {
        return connection.clientHost();
    }
}
