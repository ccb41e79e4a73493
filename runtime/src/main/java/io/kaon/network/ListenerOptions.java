// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import static io.kaon.common.Checks.require;

import java.util.List;

/**
 * Where to listen.
 *
 * @param name the listener's name, such as {@code PLAINTEXT}
 * @param host a name or address; empty for all addresses; {@code localhost} means IPv4 and IPv6 (C21)
 * @param port 0 for any free one
 */
public record ListenerOptions(String name, String host, int port) {
    private static final int MAX_PORT = 65_535;

    public ListenerOptions {
        require(
                port >= 0 && port <= MAX_PORT,
                "a port in quarkus.kaon.broker.listeners must be 0 to %s, was %s",
                MAX_PORT,
                port);
    }

    boolean isLocalhost() {
        return host.equalsIgnoreCase("localhost");
    }

    /** The addresses to bind, the one that decides about the port first. */
    List<String> addresses(boolean withIpv6) {
        if (isLocalhost()) {
            return withIpv6 ? List.of("127.0.0.1", "::1") : List.of("127.0.0.1");
        }
        return List.of(host.isEmpty() ? "0.0.0.0" : host);
    }
}
