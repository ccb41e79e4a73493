// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import io.kaon.quarkus.EmbeddedBroker;
import io.kaon.quarkus.connector.attributes.ChannelRoute;
import io.kaon.quarkus.connector.attributes.ConnectorAttributes;
import io.quarkus.arc.Arc;
import io.quarkus.arc.ArcContainer;
import io.quarkus.arc.InstanceHandle;
import io.quarkus.runtime.annotations.Recorder;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.util.TypeLiteral;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** Looks at the channels of our connector before they start. */
@Recorder
public class KaonChannelsRecorder {
    private static final String CONNECTOR_PREFIX = "mp.messaging.connector." + ConnectorAttributes.CONNECTOR_NAME + ".";
    /** The identifier of the bean with settings for all channels. */
    private static final String DEFAULTS = "default-kafka-broker";

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
            if (!isOff && !isAddressSet(config, prefix) && !isNamed(name) && !isNamed(DEFAULTS)) {
                throw ChannelRoute.noAddress(name);
            }
        });
    }

    /** Looked at only where the start would fail else: the bean may need much that is not there yet. */
    private static boolean isNamed(String identifier) {
        ArcContainer container = Arc.container();
        if (container == null) {
            return false;
        }
        try (InstanceHandle<Map<String, Object>> settings =
                container.instance(new TypeLiteral<Map<String, Object>>() {}, Identifier.Literal.of(identifier))) {
            return settings.isAvailable() && settings.get().containsKey(ChannelRoute.BOOTSTRAP_SERVERS);
        }
    }

    private static boolean isAddressSet(Config config, String prefix) {
        return Stream.of(ADDRESS_ATTRIBUTES).anyMatch(attribute -> isSet(config, prefix + attribute));
    }

    private static boolean isSet(Config config, String key) {
        return config.getOptionalValue(key, String.class).isPresent();
    }
}
