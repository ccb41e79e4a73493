// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.quarkus.runtime.annotations.ConfigPhase;
import io.quarkus.runtime.annotations.ConfigRoot;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** The broker that dev and test mode bring. */
@ConfigMapping(prefix = "quarkus.kaon.devservices")
@ConfigRoot(phase = ConfigPhase.BUILD_TIME)
public interface KaonDevServicesConfig {
    /**
     * Whether dev and test mode bring a broker and set {@code kafka.bootstrap.servers} to its address. Without a value
     * they do, unless {@code quarkus.kafka.devservices.enabled} was set to true, which asks for a container instead.
     * {@code quarkus.kaon.broker.enabled=true} starts the broker in any case.
     */
    Optional<Boolean> enabled();

    /**
     * The port of the broker in dev mode, where {@code quarkus.kaon.broker.listeners} does not name one. Without a value
     * a free port is taken, the same one as long as dev mode runs. Tests take a free one in any case.
     */
    Optional<Integer> port();

    /**
     * Whether applications in dev mode share one broker: the first one starts it, those that come later use it and start
     * none. Each makes its own topics there; {@code records-file} is read only by the one that runs the broker. When the
     * first one ends, the topics end with it, and the next that reloads starts a broker at the same address. Tests never
     * share.
     */
    @WithDefault("false")
    boolean shared();

    /**
     * The name under which a broker is shared on this machine: applications of one name use one broker.
     */
    @WithDefault("kaon")
    String serviceName();

    /**
     * Whether the broker also listens for containers on this machine, at an address that
     * {@code kaon.container.bootstrap.servers} tells. Everybody who reaches this machine can use this listener: without it, only
     * this machine can.
     */
    @WithDefault("false")
    boolean containerListener();

    /**
     * The host name under which containers reach this machine.
     */
    @WithDefault("host.docker.internal")
    String containerHost();

    /**
     * The address of this machine that the listener for containers binds: {@code 0.0.0.0} is every one, and that of the
     * container network's bridge, such as {@code 172.17.0.1}, lets only containers in.
     */
    @WithDefault("0.0.0.0")
    String containerInterface();

    /**
     * The port of the listener for containers in dev mode. Without a value a free port is taken, the same one as long as
     * dev mode runs. Tests take a free one in any case.
     */
    Optional<Integer> containerPort();
}
