// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import java.util.concurrent.Executor;

/**
 * What a connection remembers between requests. Owned by the connection: its event loop, or the in-JVM caller that
 * stands for it; the requests of one connection are handed to the router one after the other.
 */
public final class ClientConnection {
    private final Listener listener;
    private final String clientHost;
    private final Executor home;
    private final FetchSessions fetchSessions;
    private int fetchTurn;
    private volatile Principal principal = Principal.ANONYMOUS;
    private volatile String softwareName = "unknown";
    private volatile String softwareVersion = "unknown";

    /**
     * @param listener where the connection came in
     * @param clientHost the peer's address as text, such as {@code 127.0.0.1}
     * @param home runs the connection's own steps one at a time, in order: its event loop
     * @param sessionSlots the room for fetch sessions that all connections of the broker share
     */
    public ClientConnection(Listener listener, String clientHost, Executor home, FetchSessionSlots sessionSlots) {
        this.listener = listener;
        this.clientHost = clientHost;
        this.home = home;
        this.fetchSessions = new FetchSessions(sessionSlots);
    }

    public Listener listener() {
        return listener;
    }

    public String clientHost() {
        return clientHost;
    }

    /** Where this connection's own steps run. */
    public Executor home() {
        return home;
    }

    public FetchSessions fetchSessions() {
        return fetchSessions;
    }

    /**
     * Another number for each fetch in an old format, none of which can name the order in which its partitions are
     * served.
     */
    public int nextFetchTurn() {
        return fetchTurn++;
    }

    public Principal principal() {
        return principal;
    }

    /** Set by authentication. */
    public void authenticated(Principal as) {
        principal = as;
    }

    public String softwareName() {
        return softwareName;
    }

    public String softwareVersion() {
        return softwareVersion;
    }

    /** What the client said about itself (ApiVersions from version 3, KIP-511). */
    public void software(String name, String version) {
        softwareName = name;
        softwareVersion = version;
    }

    /** The connection is gone: gives back its fetch sessions. Idempotent. */
    public void close() {
        fetchSessions.close();
    }
}
