// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/**
 * What a consumer has subscribed to.
 *
 * @param topics by name: those that were named, or those that match the pattern
 * @param pattern that names of topics have to match, if they were not named
 * @param serverPattern the same, for a coordinator that looks for topics itself
 */
record Subscription(
        Set<String> topics,
        Optional<Pattern> pattern,
        Optional<String> serverPattern,
        ConsumerRebalanceListener listener) {
    static final ConsumerRebalanceListener NO_LISTENER = new ConsumerRebalanceListener() {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
    };

    Subscription {
        topics = Set.copyOf(topics);
    }

    /** The topics to subscribe to among all that there are. */
    Subscription among(Set<String> all) {
        return pattern.map(expression -> new Subscription(
                        all.stream()
                                .filter(name -> expression.matcher(name).matches())
                                .collect(Collectors.toSet()),
                        pattern,
                        serverPattern,
                        listener))
                .orElse(this);
    }

    /** Whether there is nothing to consume yet. */
    boolean isEmpty() {
        return topics.isEmpty() && serverPattern.isEmpty();
    }
}
