// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import static io.kaon.network.Eventually.await;

import io.kaon.exec.Clock;
import io.kaon.server.FetchSessionSlots;
import io.kaon.server.Listener;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.Map;

/** A server on a Vert.x instance of its own, on a free port of localhost. */
final class TestServer implements AutoCloseable {
    private static final int SESSION_SLOTS = 100;

    final Vertx vertx;
    final FakeRouter router;
    final NetworkServer server;
    final int port;

    TestServer(NetworkOptions options, FakeRouter router) throws Exception {
        this(Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2)), options, router);
    }

    TestServer(Vertx vertx, NetworkOptions options, FakeRouter router) throws Exception {
        this.vertx = vertx;
        this.router = router;
        this.server = new NetworkServer(vertx, options, Clock.system());
        this.port = await(server.bind(List.of(new ListenerOptions("PLAINTEXT", "127.0.0.1", 0))))
                .get(0)
                .port();
        server.serve(router, slots(), Map.of("PLAINTEXT", new Listener("PLAINTEXT", "localhost", port)));
    }

    static FetchSessionSlots slots() {
        return new FetchSessionSlots(SESSION_SLOTS, 1);
    }

    RawClient connect() throws Exception {
        return new RawClient(port);
    }

    @Override
    public void close() {
        server.close().toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
