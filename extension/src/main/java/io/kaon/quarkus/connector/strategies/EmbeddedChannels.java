// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import io.kaon.broker.Broker;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which incoming channels go straight into the broker of this application: what their strategies write and read besides has
 * to go there, too.
 */
@Singleton
class EmbeddedChannels {
    private final Map<String, Broker> brokers = new ConcurrentHashMap<>();

    /** To be told before the strategies of the channel are made. */
    void add(String channel, Broker broker) {
        brokers.put(channel, broker);
    }

    /** The broker of a channel that needs no socket. */
    Optional<Broker> brokerOf(String channel) {
        return Optional.ofNullable(brokers.get(channel));
    }
}
