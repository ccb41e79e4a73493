// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import static io.kaon.common.Checks.require;

/**
 * The address under which a broker is reached through one of its listeners.
 *
 * @param name the listener's name, such as {@code PLAINTEXT}
 * @param host the advertised host
 * @param port the advertised port
 * @param protocol how clients talk to it
 */
public record ListenerImage(String name, String host, int port, SecurityProtocol protocol) {
    private static final int MAX_PORT = 65_535;

    public ListenerImage {
        require(port >= 0 && port <= MAX_PORT, "a port is between 0 and %s, was %s", MAX_PORT, port);
    }
}
