// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import java.util.List;
import java.util.Optional;

/**
 * A registered broker.
 *
 * @param id the node id
 * @param epoch the broker epoch: grows with every registration; −1 before the controller has given one
 * @param listeners the advertised addresses
 * @param rack where it stands
 * @param fenced whether it may neither lead nor be in an ISR
 */
public record BrokerImage(int id, long epoch, List<ListenerImage> listeners, Optional<String> rack, boolean fenced) {
    public BrokerImage {
        listeners = List.copyOf(listeners);
    }

    /** A broker that is not fenced. */
    public BrokerImage(int id, long epoch, List<ListenerImage> listeners, Optional<String> rack) {
        this(id, epoch, listeners, rack, false);
    }

    /** The address of the listener with that name (C21: a client gets the one of the listener that it asked). */
    public Optional<ListenerImage> listener(String name) {
        return listeners.stream()
                .filter(listener -> listener.name().equals(name))
                .findFirst();
    }
}
