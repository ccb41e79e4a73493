// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.outgoing;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaProducer;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.Optional;

/**
 * Closes producers that SmallRye has left open. In dev and test mode Quarkus sets {@code close-timeout} to 0 for Kafka
 * channels, and SmallRye's client refuses to wait for no time at all before it has closed anything: each reload would leave
 * a producer behind, with a connection to the broker that goes on.
 */
@ApplicationScoped
class ProducersEnd {
    private static final int AFTER_CONNECTORS = 60;

    private final KafkaClientService clients;

    @Inject
    ProducersEnd(KafkaClientService clients) {
        this.clients = clients;
    }

    /** Before the channels open: from now on there may be producers to close. */
    void onStart(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {}

    /** Not when the start failed before that: the connectors cannot be made then, and the log would be full of it. */
    void onEnd(
            @Observes(notifyObserver = Reception.IF_EXISTS)
                    @Priority(AFTER_CONNECTORS)
                    @BeforeDestroyed(ApplicationScoped.class)
                    Object event) {
        for (String channel : clients.getProducerChannels()) {
            KafkaProducer<Object, Object> client = clients.getProducer(channel);
            // Closing again what has been closed does nothing.
            Optional.ofNullable(client.unwrap()).ifPresent(producer -> producer.close(Duration.ZERO));
        }
    }
}
