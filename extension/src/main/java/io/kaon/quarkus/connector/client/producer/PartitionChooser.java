// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import io.kaon.quarkus.connector.client.ClientPlugins;
import io.kaon.quarkus.connector.client.ClientSettings;
import io.kaon.quarkus.connector.client.producer.KnownTopics.KnownTopic;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/**
 * Chooses partitions as Kafka's producer does: the record's own, that of the application's {@code partitioner.class},
 * by the hash of the key, or any. Any thread.
 */
final class PartitionChooser implements AutoCloseable {
    private final Optional<Partitioner> partitioner;
    private final boolean ignoreKeys;
    private final Predicate<TopicPartition> isBatching;

    /** @param isBatching whether a record would wait for others in a partition; a hint */
    PartitionChooser(ClientSettings settings, Predicate<TopicPartition> isBatching) {
        this.partitioner = settings.text(ProducerConfig.PARTITIONER_CLASS_CONFIG)
                .map(name -> ClientPlugins.one(settings, ProducerConfig.PARTITIONER_CLASS_CONFIG, Partitioner.class));
        this.ignoreKeys = settings.flag(ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG, false);
        this.isBatching = isBatching;
    }

    /**
     * The partition of a record.
     *
     * @param pending the same record, serialized
     * @throws IllegalArgumentException when the application's partitioner chooses a negative one
     */
    TopicPartition choose(ProducerRecord<?, ?> record, PendingRecord pending, KnownTopic topic) {
        if (record.partition() != null) {
            int wanted = record.partition();
            // One that does not exist is refused by the broker, which may know of more by now.
            return wanted < topic.partitions().size()
                    ? topic.partitions().get(wanted)
                    : new TopicPartition(record.topic(), wanted);
        }
        if (partitioner.isPresent()) {
            int chosen = partitioner
                    .get()
                    .partition(
                            record.topic(),
                            record.key(),
                            pending.key(),
                            record.value(),
                            pending.value(),
                            topic.cluster());
            if (chosen < 0) {
                throw new IllegalArgumentException("The partitioner of " + ProducerConfig.PARTITIONER_CLASS_CONFIG
                        + " has to choose a partition from 0 on, was " + chosen);
            }
            return new TopicPartition(record.topic(), chosen);
        }
        int count = topic.partitions().size();
        int partition = pending.key() != null && !ignoreKeys
                ? Utils.toPositive(Utils.murmur2(pending.key())) % count
                : topic.sticky()
                        .next(
                                pending.sizeInBytes(),
                                number -> isBatching.test(topic.partitions().get(number)));
        return topic.partitions().get(partition);
    }

    @Override
    public void close() {
        partitioner.ifPresent(Partitioner::close);
    }
}
