// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.kaon.broker.Endpoint;
import io.quarkus.builder.item.SimpleBuildItem;
import java.util.Optional;

/**
 * Where the broker of this application will listen, or where the one is that it shares with others, decided while the
 * application is built; only in dev and test mode.
 */
public final class DevAddressBuildItem extends SimpleBuildItem {
    private static final String CONTAINERS = "CONTAINERS";

    private final int port;
    private final String bootstrapServers;
    private final boolean isOfAnother;
    private final Optional<Containers> containers;

    /**
     * The listener for containers.
     *
     * @param listener what it binds
     * @param advertised what its clients are told
     */
    public record Containers(Endpoint listener, Endpoint advertised) {}

    private DevAddressBuildItem(
            int port, String bootstrapServers, boolean isOfAnother, Optional<Containers> containers) {
        this.port = port;
        this.bootstrapServers = bootstrapServers;
        this.isOfAnother = isOfAnother;
        this.containers = containers;
    }

    static DevAddressBuildItem ofThis(int port, String bootstrapServers) {
        return new DevAddressBuildItem(port, bootstrapServers, false, Optional.empty());
    }

    static DevAddressBuildItem ofAnother(String bootstrapServers) {
        return new DevAddressBuildItem(0, bootstrapServers, true, Optional.empty());
    }

    DevAddressBuildItem withContainers(String bound, String advertisedHost, int containerPort) {
        return new DevAddressBuildItem(
                port,
                bootstrapServers,
                isOfAnother,
                Optional.of(new Containers(
                        new Endpoint(CONTAINERS, bound, containerPort),
                        new Endpoint(CONTAINERS, advertisedHost, containerPort))));
    }

    /** The port that a listener with port 0 gets. */
    public int port() {
        return port;
    }

    /** What clients on this machine use as {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Whether another application runs the broker. */
    public boolean isOfAnother() {
        return isOfAnother;
    }

    /** The listener for containers, when it was asked for. */
    public Optional<Containers> containers() {
        return containers;
    }
}
