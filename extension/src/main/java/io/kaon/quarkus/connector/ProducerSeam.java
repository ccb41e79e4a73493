// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import io.smallrye.reactive.messaging.kafka.impl.ReactiveKafkaProducer;
import java.lang.reflect.Field;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.jboss.logging.Logger;

/**
 * Puts a producer of ours into SmallRye's client before it makes one itself. SmallRye offers that for consumers only;
 * for producers it takes two private fields, so all of it is in this class, and it says so when a version of SmallRye
 * has other fields: the channel then goes over TCP.
 */
final class ProducerSeam {
    private static final Logger LOG = Logger.getLogger(ProducerSeam.class);

    private ProducerSeam() {}

    /** Whether SmallRye's client can be given a producer. Asked before one is made. */
    static boolean isThere() {
        try {
            return field("producerRef").getType() == AtomicReference.class
                    && field("closed").getType() == AtomicBoolean.class;
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warnf(
                    "This version of SmallRye takes no producer, so outgoing channels go over TCP: %s", e.getMessage());
            return false;
        }
    }

    /** Has the client use this producer. The client must be lazy and unused yet. */
    @SuppressWarnings("unchecked")
    static void inject(ReactiveKafkaProducer<?, ?> client, Producer<?, ?> producer) {
        try {
            ((AtomicReference<Producer<?, ?>>) field("producerRef").get(client)).set(producer);
            ((AtomicBoolean) field("closed").get(client)).set(false);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("SmallRye's producer changed between two looks at it", e);
        }
    }

    private static Field field(String name) throws ReflectiveOperationException {
        Field field = ReactiveKafkaProducer.class.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
