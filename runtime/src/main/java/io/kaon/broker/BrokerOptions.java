// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import static io.kaon.common.Checks.require;

import java.util.List;
import java.util.Map;

/**
 * What a broker is started with. Equal options make an equal broker: the extension rebuilds it only when they differ.
 *
 * @param nodeId this broker's id in the cluster, from 0
 * @param listeners where it listens, at least one
 * @param advertisedListeners what clients are told, by listener name; a listener that is not here advertises itself
 * @param data where the data is
 * @param topics topics to create at start, by name
 * @param config broker settings under Kafka's names
 */
public record BrokerOptions(
        int nodeId,
        List<Endpoint> listeners,
        List<Endpoint> advertisedListeners,
        DataDirectory data,
        Map<String, TopicSpec> topics,
        Map<String, String> config) {

    /** What dev mode and tests use: loopback, a port of the system's choice, temporary data. */
    public static final List<Endpoint> LOOPBACK = List.of(new Endpoint("PLAINTEXT", "localhost", 0));

    public BrokerOptions {
        require(nodeId >= 0, "quarkus.kaon.broker.node-id must be at least 0, was %s", nodeId);
        require(!listeners.isEmpty(), "quarkus.kaon.broker.listeners must name at least one listener");
        for (Endpoint advertised : advertisedListeners) {
            require(
                    listeners.stream().anyMatch(listener -> listener.name().equals(advertised.name())),
                    "quarkus.kaon.broker.advertised-listeners: there is no listener named %s",
                    advertised.name());
        }
        listeners = List.copyOf(listeners);
        advertisedListeners = List.copyOf(advertisedListeners);
        topics = Map.copyOf(topics);
        config = Map.copyOf(config);
    }

    /** A broker for development and tests: loopback on a free port, data that goes with it. */
    public static BrokerOptions embedded() {
        return new BrokerOptions(0, LOOPBACK, List.of(), DataDirectory.temporary(), Map.of(), Map.of());
    }

    public BrokerOptions withListeners(List<Endpoint> endpoints) {
        return new BrokerOptions(nodeId, endpoints, advertisedListeners, data, topics, config);
    }

    public BrokerOptions withData(DataDirectory directory) {
        return new BrokerOptions(nodeId, listeners, advertisedListeners, directory, topics, config);
    }

    public BrokerOptions withTopics(Map<String, TopicSpec> specs) {
        return new BrokerOptions(nodeId, listeners, advertisedListeners, data, specs, config);
    }

    public BrokerOptions withConfig(Map<String, String> settings) {
        return new BrokerOptions(nodeId, listeners, advertisedListeners, data, topics, settings);
    }
}
