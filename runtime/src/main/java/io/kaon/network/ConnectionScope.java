// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import io.kaon.exec.Clock;
import io.kaon.server.ClientConnection;
import io.kaon.telemetry.NetworkMeters;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;

/**
 * What all connections of a server share.
 *
 * @param clock for idle times
 * @param budget of request bytes
 * @param log for what peers do wrong
 * @param meters of connections
 * @param serving completes when the broker is ready; nothing is read before
 */
record ConnectionScope(
        NetworkOptions options,
        Clock clock,
        InFlightBudget budget,
        QuietLog log,
        NetworkMeters meters,
        CompletionStage<Serving> serving) {

    /**
     * What a connection needs to serve its peer.
     *
     * @param port the router
     * @param connections makes what the server remembers of a connection, given its event loop
     */
    record Serving(RequestPort port, BiFunction<Origin, Executor, ClientConnection> connections) {}

    /**
     * Where a connection comes from.
     *
     * @param connectionId for messages; unique in this server
     * @param listener name of the listener
     * @param clientHost the peer's address as text
     */
    record Origin(long connectionId, String listener, String clientHost) {}
}
