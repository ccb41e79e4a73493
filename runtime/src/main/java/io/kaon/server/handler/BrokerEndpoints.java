// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.metadata.BrokerImage;
import io.kaon.metadata.ClusterImage;
import io.kaon.server.Listener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the brokers are reached, seen from one listener: a client is told the address of the listener that it asked
 * (C21). Brokers without a listener of that name are not there for it. Immutable; made for one request.
 */
final class BrokerEndpoints {
    private final ClusterImage image;
    private final int nodeId;
    private final Listener listener;

    /**
     * @param nodeId this broker's id
     * @param listener where the request came in
     */
    BrokerEndpoints(ClusterImage image, int nodeId, Listener listener) {
        this.image = image;
        this.nodeId = nodeId;
        this.listener = listener;
    }

    /**
     * A broker's address.
     *
     * @param rack null for none, as on the wire
     */
    record BrokerEndpoint(int id, String host, int port, String rack, boolean fenced) {}

    /** All brokers, by id. */
    List<BrokerEndpoint> all() {
        List<BrokerEndpoint> endpoints = new ArrayList<>();
        for (BrokerImage broker : image.brokers().values()) {
            of(broker).ifPresent(endpoints::add);
        }
        return endpoints;
    }

    Optional<BrokerEndpoint> find(int brokerId) {
        return image.broker(brokerId).flatMap(this::of);
    }

    private Optional<BrokerEndpoint> of(BrokerImage broker) {
        String rack = broker.rack().orElse(null);
        if (broker.id() == nodeId) {
            return Optional.of(new BrokerEndpoint(
                    nodeId, listener.advertisedHost(), listener.advertisedPort(), rack, broker.fenced()));
        }
        return broker.listener(listener.name())
                .map(found -> new BrokerEndpoint(broker.id(), found.host(), found.port(), rack, broker.fenced()));
    }
}
