// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import io.smallrye.mutiny.Multi;
import io.smallrye.reactive.messaging.kafka.impl.ReactiveKafkaConsumer;
import java.time.Duration;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * Reads one retry topic.
 *
 * @param commit commits what the application has processed of it
 */
record RetryConsumer(String topic, ReactiveKafkaConsumer<Object, Object> client, ThrottledCommit commit) {
    private static final Logger LOG = Logger.getLogger(RetryConsumer.class);
    private static final Duration PAUSE_TIMEOUT = Duration.ofSeconds(5);

    /** Its records, from the moment of the subscription. */
    Multi<ConsumerRecord<Object, Object>> records() {
        client.setRebalanceListener(null, commit);
        return client.subscribe(Set.of(topic));
    }

    void close(boolean isGraceful) {
        try {
            if (isGraceful && client.unwrap() != null) {
                client.pause().await().atMost(PAUSE_TIMEOUT);
            }
            commit.terminate(isGraceful);
            client.close();
        } catch (RuntimeException e) {
            LOG.warnf("The consumer of the retry topic %s did not close cleanly: %s", topic, e.toString());
        }
    }
}
