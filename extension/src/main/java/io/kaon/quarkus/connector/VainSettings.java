// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import io.kaon.quarkus.connector.EmbeddedSupport.Level;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;

/** Finds what somebody set for a channel without a socket and will not get. */
final class VainSettings {
    private static final String CONNECTOR_PREFIX = "mp.messaging.connector." + KaonConnector.CONNECTOR_NAME + ".";
    private static final String GLOBAL_PREFIX = "kafka.";

    private VainSettings() {}

    /**
     * The sentence for the log; none when the channel gets all that it asks for.
     *
     * @param prefix of the channel's settings, which ends in a dot
     */
    static Optional<String> sentence(Config config, String prefix, String channel) {
        Map<String, String> found = new TreeMap<>();
        EmbeddedSupport.all().forEach((name, statement) -> {
            if (statement.level() == Level.MISSING && isAskedFor(config, prefix, name)) {
                found.put(name, statement.reason());
            }
        });
        if (found.isEmpty()) {
            return Optional.empty();
        }
        String list = found.entrySet().stream()
                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                .collect(Collectors.joining(", "));
        return Optional.of("The channel '" + channel + "' reaches the broker in this application without a socket,"
                + " where these settings have no effect: " + list + ". Remove them, or set " + prefix
                + ChannelRoute.BOOTSTRAP_SERVERS + " to the broker's address, so that Kafka's own client is used");
    }

    private static boolean isAskedFor(Config config, String prefix, String name) {
        return Stream.of(prefix, CONNECTOR_PREFIX, GLOBAL_PREFIX)
                .flatMap(start -> config.getOptionalValue(start + name, String.class).stream())
                .findFirst()
                .filter(value -> !value.isBlank() && !"false".equalsIgnoreCase(value.trim()))
                .isPresent();
    }
}
