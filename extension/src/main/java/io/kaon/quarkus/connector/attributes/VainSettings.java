// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.attributes;

import static io.quarkus.smallrye.reactivemessaging.runtime.ReactiveMessagingConfiguration.getChannelPropertyName;

import io.kaon.quarkus.connector.attributes.EmbeddedSupport.Level;
import io.smallrye.reactive.messaging.providers.impl.ConcurrencyConnectorConfig;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** Says what somebody set for a channel without a socket and will not get: once a channel, however often it is copied. */
public final class VainSettings {
    private static final Logger LOG = Logger.getLogger(VainSettings.class);

    private final Set<String> looked = ConcurrentHashMap.newKeySet();

    /**
     * To be called when the channel starts.
     *
     * @param channel with all its defaults, whoever set them: the connector, a bean with settings, {@code kafka.…}
     * @param name of the channel, or of a copy of it
     */
    public void tell(Config channel, String name, boolean isIncoming) {
        String original = ConcurrencyConnectorConfig.isConcurrencyChannelName(name)
                ? ConcurrencyConnectorConfig.stripChannelNameOfSeparator(name)
                : name;
        if (looked.add(getChannelPropertyName(original, "", isIncoming))) {
            sentence(channel, original, isIncoming).ifPresent(LOG::warn);
        }
    }

    /** The sentence for the log; none when the channel gets all that it asks for. */
    static Optional<String> sentence(Config channel, String name, boolean isIncoming) {
        Map<String, String> found = new TreeMap<>();
        EmbeddedSupport.all().forEach((setting, statement) -> {
            if (statement.level() == Level.MISSING && isAskedFor(channel, setting)) {
                found.put(setting, statement.reason());
            }
        });
        if (found.isEmpty()) {
            return Optional.empty();
        }
        String list = found.entrySet().stream()
                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                .collect(Collectors.joining(", "));
        return Optional.of("The channel '" + name + "' reaches the broker in this application without a socket,"
                + " where these settings have no effect: " + list + ". Remove them, or set "
                + getChannelPropertyName(name, ChannelRoute.BOOTSTRAP_SERVERS, isIncoming)
                + " to the broker's address, so that Kafka's own client is used");
    }

    private static boolean isAskedFor(Config channel, String setting) {
        return channel.getOptionalValue(setting, String.class)
                .filter(value -> !value.isBlank() && !"false".equalsIgnoreCase(value.trim()))
                .isPresent();
    }
}
