// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * What the clients without a socket do not offer. A channel that asks for it is not refused: Kafka's own client serves
 * it, over TCP to the broker in this application.
 */
final class TcpOnly {
    private TcpOnly() {}

    /** The setting for which a consumer has to be Kafka's own. */
    static Optional<String> forConsumer(Map<String, ?> values) {
        ClientSettings settings = new ClientSettings(values);
        if (!"classic".equalsIgnoreCase(settings.text(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic"))) {
            return Optional.of(ConsumerConfig.GROUP_PROTOCOL_CONFIG);
        }
        return Optional.empty();
    }
}
