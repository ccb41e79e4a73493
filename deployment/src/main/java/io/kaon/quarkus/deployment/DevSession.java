// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.kaon.quarkus.BrokerSettings;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * What one dev or test session holds from its start to its end: ports, and the claim to a shared broker. Kept in the
 * live-reload context; used by the thread that builds the application.
 */
final class DevSession implements AutoCloseable {
    private static final String LISTENERS = "quarkus.kaon.broker.listeners";
    private static final String ADVERTISED_LISTENERS = "quarkus.kaon.broker.advertised-listeners";
    private static final String BOOTSTRAP_SERVERS = "kafka.bootstrap.servers";
    private static final Logger LOG = Logger.getLogger(DevSession.class);
    private static final Duration SHARED_PATIENCE = Duration.ofSeconds(60);

    private Optional<HeldPort> port = Optional.empty();
    private Optional<HeldPort> containerPort = Optional.empty();
    private Optional<SharedBroker> shared = Optional.empty();

    /**
     * Where the broker of this application is to be found, as it is set now.
     *
     * @param isDevMode false in tests, which have free ports and share nothing
     */
    DevAddressBuildItem address(KaonDevServicesConfig services, Config config, boolean isDevMode) {
        boolean shares = isDevMode && services.shared() && !isElsewhere(config);
        Optional<String> other = shares ? sharedBroker(services.serviceName()).join() : Optional.empty();
        if (other.isPresent()) {
            return DevAddressBuildItem.ofAnother(other.get());
        }
        shared.flatMap(SharedBroker::predecessor).ifPresent(this::takePortOf);
        int own = services.port().filter(fixed -> isDevMode).orElseGet(this::heldPort);
        String address = addressOf(config, own);
        shared.filter(broker -> shares).ifPresent(broker -> broker.register(address));
        DevAddressBuildItem item = DevAddressBuildItem.ofThis(own, address);
        return services.containerListener()
                ? item.withContainers(
                        services.containerInterface(),
                        services.containerHost(),
                        services.containerPort().filter(fixed -> isDevMode).orElseGet(this::heldContainerPort))
                : item;
    }

    /**
     * A wrong setting is left to the start of the broker: it fails with one sentence, while a build that fails prints
     * pages.
     */
    private static String addressOf(Config config, int port) {
        try {
            return BrokerSettings.bootstrapServers(
                    config.getOptionalValues(LISTENERS, String.class),
                    config.getOptionalValues(ADVERTISED_LISTENERS, String.class),
                    port);
        } catch (IllegalArgumentException e) {
            LOG.debugf(e, "The broker will not start");
            return "localhost:" + port;
        }
    }

    /** Then clients would not go to the shared broker, and must not make its topics there. */
    private static boolean isElsewhere(Config config) {
        Optional<String> address = config.getOptionalValue(BOOTSTRAP_SERVERS, String.class);
        address.ifPresent(set -> LOG.infof(
                "quarkus.kaon.devservices.shared has no effect, because %s is set, to %s", BOOTSTRAP_SERVERS, set));
        return address.isPresent();
    }

    private SharedBroker sharedBroker(String serviceName) {
        if (shared.isEmpty()) {
            shared = Optional.of(new SharedBroker(SharedBroker.userFolder(), serviceName, SHARED_PATIENCE));
        }
        return shared.get();
    }

    /** So that clients which used the shared broker find the next one at the same address. */
    private void takePortOf(String address) {
        int wanted = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        if (port.filter(held -> held.port() == wanted).isEmpty()) {
            HeldPort.at(wanted).ifPresent(taken -> {
                port.ifPresent(HeldPort::close);
                port = Optional.of(taken);
            });
        }
    }

    private int heldPort() {
        if (port.isEmpty()) {
            port = Optional.of(HeldPort.take());
        }
        return port.get().port();
    }

    private int heldContainerPort() {
        if (containerPort.isEmpty()) {
            containerPort = Optional.of(HeldPort.take());
        }
        return containerPort.get().port();
    }

    @Override
    public void close() {
        shared.ifPresent(SharedBroker::close);
        port.ifPresent(HeldPort::close);
        containerPort.ifPresent(HeldPort::close);
    }
}
