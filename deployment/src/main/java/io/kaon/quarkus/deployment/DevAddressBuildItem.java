// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.quarkus.builder.item.SimpleBuildItem;

/**
 * Where the broker of this application will listen, decided while the application is built; only in dev and test mode.
 */
public final class DevAddressBuildItem extends SimpleBuildItem {
    private final int port;
    private final String bootstrapServers;

    DevAddressBuildItem(int port, String bootstrapServers) {
        this.port = port;
        this.bootstrapServers = bootstrapServers;
    }

    /** The port that a listener with port 0 gets. */
    public int port() {
        return port;
    }

    /** What clients on this machine use as {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return bootstrapServers;
    }
}
