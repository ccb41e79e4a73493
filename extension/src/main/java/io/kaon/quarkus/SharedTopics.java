// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus;

import io.kaon.broker.TopicSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jboss.logging.Logger;

/** The topics of an application that uses the broker of another one. */
final class SharedTopics {
    private static final Logger LOG = Logger.getLogger(SharedTopics.class);
    private static final long WAIT_SECONDS = 30;

    private SharedTopics() {}

    /**
     * Makes the topics that are not there. Blocks.
     *
     * @throws IllegalArgumentException when a topic cannot be made; the message names its key
     */
    static void make(String bootstrapServers, KaonBrokerConfig config) {
        config.topics().forEach((name, topic) -> topic.recordsFile()
                .ifPresent(file -> LOG.warnf(
                        "The topic %s is not seeded with %s: the application that runs the shared broker does that",
                        name, file)));
        Map<String, TopicSpec> specs = BrokerSettings.topics(config.topics());
        if (specs.isEmpty()) {
            return;
        }
        List<NewTopic> topics = new ArrayList<>();
        specs.forEach((name, spec) -> topics.add(
                new NewTopic(name, Optional.of(spec.partitions()).filter(count -> count > 0), Optional.empty())
                        .configs(spec.config())));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(topics).values().forEach(SharedTopics::await);
        }
    }

    private static void await(String topic, KafkaFuture<Void> made) {
        try {
            made.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IllegalArgumentException(
                        "quarkus.kaon.broker.topics.\"" + topic + "\": "
                                + e.getCause().getMessage(),
                        e);
            }
        } catch (TimeoutException e) {
            throw new IllegalArgumentException("it did not make the topic " + topic + " in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
