// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the failure strategy {@code delayed-retry-topic} of a channel is set to.
 *
 * @param topics where refused records wait; the name of each ends in an underscore and the milliseconds that they wait there
 * @param maxRetries how often a record is tried again
 * @param timeoutMs after the first attempt, when there are no more
 * @param deadLetterTopic where a record goes then; without it, it is given up
 */
record RetrySettings(
        String channel, List<String> topics, int maxRetries, long timeoutMs, Optional<String> deadLetterTopic) {

    private static final List<Integer> DEFAULT_DELAYS_MS = List.of(10_000, 20_000, 50_000);

    RetrySettings {
        topics = List.copyOf(topics);
        for (String topic : topics) {
            if (!topic.matches(".*_\\d{1,18}")) {
                throw new IllegalArgumentException("The channel '" + channel + "' has the topic '" + topic
                        + "' in delayed-retry-topic.topics; its name must end in _ and a number of milliseconds");
            }
        }
        if (topics.isEmpty()) {
            throw new IllegalArgumentException(
                    "The channel '" + channel + "' has no topic in delayed-retry-topic.topics");
        }
    }

    static RetrySettings of(KafkaConnectorIncomingConfiguration channel) {
        List<String> topics = channel.getDelayedRetryTopicTopics()
                .map(names -> Stream.of(names.split(","))
                        .map(String::trim)
                        .filter(name -> !name.isEmpty())
                        .toList())
                .orElseGet(() -> DEFAULT_DELAYS_MS.stream()
                        .map(delay -> channel.getChannel() + "_retry_" + delay)
                        .toList());
        return new RetrySettings(
                channel.getChannel(),
                topics,
                channel.getDelayedRetryTopicMaxRetries().filter(max -> max > 0).orElse(topics.size()),
                channel.getDelayedRetryTopicTimeout(),
                channel.getDeadLetterQueueTopic());
    }

    /** How long a record waits in one of the topics. */
    static long delayMs(String topic) {
        return Long.parseLong(topic.substring(topic.lastIndexOf('_') + 1));
    }

    /**
     * Where a record goes next: to a retry topic, to the dead letter topic, or nowhere.
     *
     * @param retries how often it has been tried again so far
     * @param sinceFirstMs how long ago it was tried first
     */
    Optional<String> next(int retries, long sinceFirstMs) {
        if (retries >= maxRetries) {
            return deadLetterTopic;
        }
        String topic = topics.get(Math.min(retries, topics.size() - 1));
        return sinceFirstMs + delayMs(topic) > timeoutMs ? deadLetterTopic : Optional.of(topic);
    }
}
