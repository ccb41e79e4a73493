// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.attributes;

import io.kaon.broker.Broker;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/** Which broker a channel of our connector talks to. */
public sealed interface ChannelRoute {
    String BOOTSTRAP_SERVERS = "bootstrap.servers";
    String GLOBAL_BOOTSTRAP_SERVERS = "kafka." + BOOTSTRAP_SERVERS;

    /** The broker in this application. */
    record Embedded(Broker broker) implements ChannelRoute {}

    /** Another one, by TCP, at the address that the configuration tells. */
    record Remote() implements ChannelRoute {}

    /**
     * The first that there is: an address that was set for the channel or the connector; the broker of this
     * application; the address that holds for the whole application. Never an address that nobody has set.
     *
     * @param channel the channel's settings, those of the connector included
     * @param named the settings of the bean that the channel names by {@code kafka-configuration}
     * @param defaults the settings of the bean {@code default-kafka-broker}: those that begin with {@code kafka.},
     *     unless the application has such a bean of its own
     * @throws ConfigurationException when there is none; the message says what to set
     */
    static ChannelRoute of(
            Config channel, Map<String, Object> named, Optional<Broker> embedded, Map<String, Object> defaults) {
        boolean isAddressSet = isAddress(named.get(BOOTSTRAP_SERVERS))
                || channel.getOptionalValue(BOOTSTRAP_SERVERS, String.class).isPresent();
        if (isAddressSet) {
            return new Remote();
        }
        if (embedded.isPresent()) {
            return new Embedded(embedded.get());
        }
        if (isAddress(defaults.get(BOOTSTRAP_SERVERS))) {
            return new Remote();
        }
        throw noAddress(channel.getValue("channel-name", String.class));
    }

    private static boolean isAddress(Object setting) {
        return setting != null && !setting.toString().isBlank();
    }

    /** The sentence for whoever started an application whose channel leads nowhere. */
    static ConfigurationException noAddress(String channel) {
        return new ConfigurationException("The channel '" + channel
                + "' uses the connector 'kaon', but no broker runs in this application and no address is set: set"
                + " quarkus.kaon.broker.enabled=true to run a broker in this application, or kafka.bootstrap.servers"
                + " to the address of another one");
    }
}
