// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaProducer;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/**
 * Closes producers that SmallRye has left open. In dev and test mode Quarkus sets {@code close-timeout} to 0 for Kafka
 * channels, and SmallRye's client refuses to wait for no time at all before it has closed anything: each reload would leave
 * a producer behind, with a connection to the broker that goes on.
 */
@Singleton
class ProducersEnd {
    private static final int AFTER_CONNECTORS = 60;

    private final KafkaClientService clients;

    @Inject
    ProducersEnd(KafkaClientService clients) {
        this.clients = clients;
    }

    void onEnd(@Observes @Priority(AFTER_CONNECTORS) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        for (String channel : clients.getProducerChannels()) {
            KafkaProducer<Object, Object> client = clients.getProducer(channel);
            // Closing again what has been closed does nothing.
            Optional.ofNullable(client.unwrap()).ifPresent(producer -> producer.close(Duration.ZERO));
        }
    }
}
