// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import io.kaon.broker.Broker;
import io.kaon.quarkus.connector.client.BrokerCalls;
import io.kaon.quarkus.connector.client.Deadline;
import io.kaon.wire.message.CreateTopicsRequest;
import io.kaon.wire.message.CreateTopicsResponse;
import io.kaon.wire.message.MetadataRequest;
import io.kaon.wire.message.MetadataResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.protocol.Errors;

/** Finds and makes topics, with and without a socket. Blocks, so no event loop may call it. */
sealed interface TopicMaker {
    /** How long a question or an order may take. */
    int TIMEOUT_MS = 15_000;

    /**
     * How many partitions topics have; those that are not there are left out, and not made by asking.
     *
     * @throws KafkaException when the broker does not answer or does not allow it
     */
    Map<String, Integer> partitionCounts(Collection<String> topics);

    /**
     * Makes topics, with the broker's replication factor. One that is there by now is left as it is.
     *
     * @throws KafkaException when it cannot be made
     */
    void make(Collection<String> topics, int partitionCount);

    /** For the broker in this application. */
    record Embedded(Broker broker, String clientId) implements TopicMaker {
        private static final short DEFAULT_REPLICATION_FACTOR = -1;

        @Override
        public Map<String, Integer> partitionCounts(Collection<String> topics) {
            List<MetadataRequest.MetadataRequestTopic> wanted = new ArrayList<>();
            topics.forEach(topic -> wanted.add(new MetadataRequest.MetadataRequestTopic().setName(topic)));
            MetadataRequest request =
                    new MetadataRequest().setAllowAutoTopicCreation(false).setTopics(wanted);
            try (BrokerCalls calls = new BrokerCalls(broker.connect(clientId))) {
                MetadataResponse answer = BrokerCalls.await(
                        calls.call(MetadataResponse.class, request), Deadline.inMs(TIMEOUT_MS), "Metadata");
                Map<String, Integer> counts = new HashMap<>();
                for (MetadataResponse.MetadataResponseTopic topic : answer.topics()) {
                    Errors error = Errors.forCode(topic.errorCode());
                    if (error == Errors.NONE) {
                        counts.put(topic.name(), topic.partitions().size());
                    } else if (error != Errors.UNKNOWN_TOPIC_OR_PARTITION) {
                        throw error.exception();
                    }
                }
                return counts;
            }
        }

        @Override
        public void make(Collection<String> topics, int partitionCount) {
            List<CreateTopicsRequest.CreatableTopic> wanted = new ArrayList<>();
            topics.forEach(topic -> wanted.add(new CreateTopicsRequest.CreatableTopic()
                    .setName(topic)
                    .setNumPartitions(partitionCount)
                    .setReplicationFactor(DEFAULT_REPLICATION_FACTOR)));
            CreateTopicsRequest request =
                    new CreateTopicsRequest().setTopics(wanted).setTimeoutMs(TIMEOUT_MS);
            try (BrokerCalls calls = new BrokerCalls(broker.connect(clientId))) {
                CreateTopicsResponse answer = BrokerCalls.await(
                        calls.call(CreateTopicsResponse.class, request), Deadline.inMs(TIMEOUT_MS), "CreateTopics");
                for (CreateTopicsResponse.CreatableTopicResult result : answer.topics()) {
                    Errors error = Errors.forCode(result.errorCode());
                    if (error != Errors.NONE && error != Errors.TOPIC_ALREADY_EXISTS) {
                        throw error.exception("The topic '" + result.name() + "' cannot be made: " + error.message());
                    }
                }
            }
        }
    }

    /**
     * For another broker.
     *
     * @param clientSettings of a Kafka client of the channel: address and security
     */
    record Remote(Map<String, ?> clientSettings) implements TopicMaker {
        @Override
        public Map<String, Integer> partitionCounts(Collection<String> topics) {
            try (Admin admin = open()) {
                Map<String, Integer> counts = new HashMap<>();
                Map<String, KafkaFuture<TopicDescription>> answers =
                        admin.describeTopics(topics).topicNameValues();
                for (Map.Entry<String, KafkaFuture<TopicDescription>> answer : answers.entrySet()) {
                    try {
                        counts.put(
                                answer.getKey(),
                                await(answer.getValue()).partitions().size());
                    } catch (UnknownTopicOrPartitionException e) {
                        continue; // It is not there: left out.
                    }
                }
                return counts;
            }
        }

        @Override
        public void make(Collection<String> topics, int partitionCount) {
            List<NewTopic> wanted = topics.stream()
                    .map(topic -> new NewTopic(topic, Optional.of(partitionCount), Optional.empty()))
                    .toList();
            try (Admin admin = open()) {
                for (KafkaFuture<Void> made :
                        admin.createTopics(wanted).values().values()) {
                    try {
                        await(made);
                    } catch (TopicExistsException e) {
                        continue; // Another member of the group was faster.
                    }
                }
            }
        }

        private Admin open() {
            Map<String, Object> settings = new HashMap<>();
            clientSettings.forEach((name, value) -> {
                if (AdminClientConfig.configNames().contains(name)) {
                    settings.put(name, value);
                }
            });
            settings.remove(AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG);
            settings.computeIfPresent(AdminClientConfig.CLIENT_ID_CONFIG, (name, id) -> id + "-topics");
            return Admin.create(settings);
        }

        private static <T> T await(KafkaFuture<T> answer) {
            try {
                return answer.get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException failure ? failure : new KafkaException(e.getCause());
            } catch (TimeoutException e) {
                throw new org.apache.kafka.common.errors.TimeoutException("The broker did not answer in time", e);
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
    }
}
