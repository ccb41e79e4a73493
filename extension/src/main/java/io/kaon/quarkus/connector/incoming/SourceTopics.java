// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.impl.KafkaSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/**
 * What a source reads: topics by name or by pattern as a member of its group, or partitions by number without one.
 *
 * @param names of the topics; of no meaning with a pattern
 * @param seeks the partitions that were assigned, and the offsets to begin at: 0 the beginning, −1 the end, none the
 * committed one
 */
record SourceTopics(Set<String> names, Optional<Pattern> pattern, Map<TopicPartition, Optional<Long>> seeks) {
    private static final long BEGINNING = 0;
    private static final long END = -1;

    /**
     * @throws IllegalArgumentException when the attributes contradict each other or cannot be read
     */
    static SourceTopics of(KafkaConnectorIncomingConfiguration channel) {
        Set<String> names = KafkaSource.getTopics(channel);
        Map<TopicPartition, Optional<Long>> seeks =
                KafkaSource.getOffsetSeeks(channel.getAssignSeek().orElse(null), channel.getChannel(), names);
        if (!channel.getPattern()) {
            return new SourceTopics(names, Optional.empty(), seeks);
        }
        String expression = channel.getTopic()
                .orElseThrow(() -> new IllegalArgumentException("The channel '" + channel.getChannel()
                        + "' has pattern=true: set topic to a regular expression that names of topics have to match"));
        return new SourceTopics(names, Optional.of(Pattern.compile(expression)), seeks);
    }

    /**
     * Has the consumer read this.
     *
     * @param listener is told of partitions that come and go; not when they are assigned by number
     */
    Uni<Void> read(EmbeddedClient client, ConsumerRebalanceListener listener) {
        return client.runOnPollingThread(consumer -> {
            if (pattern.isPresent()) {
                consumer.subscribe(pattern.get(), listener);
            } else if (seeks.isEmpty()) {
                consumer.subscribe(names, listener);
            } else {
                assign(consumer);
            }
        });
    }

    private void assign(Consumer<?, ?> consumer) {
        consumer.assign(seeks.keySet());
        seeks.forEach((partition, seek) -> seek.ifPresent(offset -> {
            if (offset == END) {
                consumer.seekToEnd(Set.of(partition));
            } else if (offset == BEGINNING) {
                consumer.seekToBeginning(Set.of(partition));
            } else {
                consumer.seek(partition, offset);
            }
        }));
    }
}
