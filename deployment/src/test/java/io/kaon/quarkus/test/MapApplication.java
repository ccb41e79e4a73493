// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.kaon.quarkus.connector.KaonConnector;
import io.kaon.quarkus.pause.ChannelPauses;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;

/** An application with a channel of every kind, for its map. */
@Singleton
public class MapApplication {
    @Inject
    @Channel("orders-out")
    Emitter<String> orders;

    @Inject
    @Channel("held-out")
    Emitter<String> held;

    @Inject
    @Channel("retried-out")
    Emitter<String> retried;

    @Inject
    ChannelPauses pauses;

    @Inject
    @Connector(KaonConnector.CONNECTOR_NAME)
    KaonConnector connector;

    final List<String> processed = new CopyOnWriteArrayList<>();
    final List<String> heldIn = new CopyOnWriteArrayList<>();
    final List<String> tried = new CopyOnWriteArrayList<>();
    /** Orders that are refused for the time being. */
    final Set<String> refused = ConcurrentHashMap.newKeySet();

    @Incoming("orders-in")
    @Outgoing("prices")
    String process(String order) {
        if (refused.contains(order)) {
            throw new IllegalArgumentException("no price for " + order, new IllegalStateException("sold out"));
        }
        processed.add(order);
        return order + ": 5";
    }

    @Incoming("prices")
    @Outgoing("bills-out")
    String bill(String price) {
        return price;
    }

    @Incoming("bills-in")
    void audit(String bill) {}

    @Incoming("held-in")
    void hold(String word) {
        heldIn.add(word);
    }

    @Incoming("retried-in")
    void retry(String word) {
        tried.add(word);
        if (refused.contains(word)) {
            throw new IllegalArgumentException("not yet");
        }
    }
}
