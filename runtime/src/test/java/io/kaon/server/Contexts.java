// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.wire.message.ApiKey;
import java.util.concurrent.CompletableFuture;

/** Requests' circumstances for tests: a client on loopback, connected through the listener PLAINTEXT. */
public final class Contexts {
    public static final Listener LISTENER = new Listener("PLAINTEXT", "advertised.example", 19092);

    private Contexts() {}

    /** A new connection, whose own steps run on the calling thread. */
    public static ClientConnection connection() {
        return new ClientConnection(LISTENER, "127.0.0.1", Runnable::run, new FetchSessionSlots(1000, 0));
    }

    /** A request on a new connection. */
    public static RequestContext context(ApiKey api, int version) {
        return on(connection(), api, version);
    }

    /** A request on that connection. */
    public static RequestContext on(ClientConnection connection, ApiKey api, int version) {
        return RequestContext.of(api, (short) version, "test-client", connection, new CompletableFuture<>());
    }
}
