// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import io.kaon.quarkus.EmbeddedBroker;
import io.quarkus.runtime.annotations.Recorder;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** Looks at the channels of our connector before they start. */
@Recorder
public class KaonChannelsRecorder {
    private static final String CONNECTOR_PREFIX = "mp.messaging.connector." + KaonConnector.CONNECTOR_NAME + ".";
    /** A channel or the connector that sets one of these knows its broker, or names a bean that does. */
    private static final String[] ADDRESS_ATTRIBUTES = {ChannelRoute.BOOTSTRAP_SERVERS, "kafka-configuration"};

    /**
     * Stops the start when a channel has no broker to talk to.
     *
     * @param channels the names of the channels by the prefix of their settings, which ends in a dot
     */
    public void checkAddresses(Map<String, String> channels) {
        Config config = ConfigProvider.getConfig();
        boolean isAddressForAll = new EmbeddedBroker().broker().isPresent()
                || isSet(config, ChannelRoute.GLOBAL_BOOTSTRAP_SERVERS)
                || isAddressSet(config, CONNECTOR_PREFIX);
        if (isAddressForAll) {
            return;
        }
        channels.forEach((prefix, name) -> {
            boolean isOff = config.getOptionalValue(prefix + "enabled", String.class).stream()
                    .anyMatch("false"::equalsIgnoreCase);
            if (!isOff && !isAddressSet(config, prefix)) {
                throw ChannelRoute.noAddress(name);
            }
        });
    }

    private static boolean isAddressSet(Config config, String prefix) {
        return Stream.of(ADDRESS_ATTRIBUTES).anyMatch(attribute -> isSet(config, prefix + attribute));
    }

    private static boolean isSet(Config config, String key) {
        return config.getOptionalValue(key, String.class).isPresent();
    }
}
