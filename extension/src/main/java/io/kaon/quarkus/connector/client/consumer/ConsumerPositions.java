// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.quarkus.connector.client.BrokerCalls;
import io.kaon.quarkus.connector.client.Deadline;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.jboss.logging.Logger;

/**
 * Gives partitions a position: the committed offset, else what {@code auto.offset.reset} says. Owned by the thread that
 * polls.
 */
final class ConsumerPositions {
    private static final Logger LOG = Logger.getLogger(ConsumerPositions.class);

    private final Map<TopicPartition, ConsumedPartition> partitions;
    private final ConsumerSettings settings;
    private final OffsetQueries offsets;
    private final ConsumerCommits commits;
    /**
     * Where this member began to read partitions of which its group has committed nothing and of which nothing was polled
     * yet. They may be taken from it and given back at any time, as when the other channels of the application come into
     * the group: what is written meanwhile would be skipped if it began at the end again.
     */
    private final Map<TopicPartition, Long> beginnings = new HashMap<>();

    /**
     * @param partitions the consumer's, shared with it
     */
    ConsumerPositions(
            Map<TopicPartition, ConsumedPartition> partitions,
            ConsumerSettings settings,
            OffsetQueries offsets,
            ConsumerCommits commits) {
        this.partitions = partitions;
        this.settings = settings;
        this.offsets = offsets;
        this.commits = commits;
    }

    /** Gives a position to each partition that has none. What fails for a while is tried again with the next poll. */
    void find() {
        List<ConsumedPartition> without = partitions.values().stream()
                .filter(partition -> !partition.hasPosition())
                .toList();
        if (without.isEmpty()) {
            return;
        }
        try {
            find(without, Deadline.inMs(settings.apiTimeoutMs()));
        } catch (RetriableException e) {
            LOG.debugf("No position yet for %d partitions: %s", without.size(), e.getMessage());
        }
    }

    private void find(List<ConsumedPartition> without, Deadline deadline) {
        Set<TopicPartition> fromCommits = without.stream()
                .filter(partition -> partition.pendingSeek().isEmpty() && !partition.isReset())
                .map(ConsumedPartition::id)
                .collect(Collectors.toSet());
        Map<TopicPartition, OffsetAndMetadata> committed =
                fromCommits.isEmpty() || settings.groupId().isEmpty()
                        ? Map.of()
                        : commits.committedNow(fromCommits, deadline);
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (ConsumedPartition partition : without) {
            OffsetAndMetadata offset = committed.get(partition.id());
            if (offset != null) {
                partition.seekTo(offset.offset());
            } else if (fromCommits.contains(partition.id()) && beginnings.containsKey(partition.id())) {
                partition.seekTo(beginnings.get(partition.id()));
            } else {
                ends.put(partition.id(), endFor(partition).timestamp(System.currentTimeMillis()));
            }
        }
        if (!ends.isEmpty()) {
            // Where nothing is as young as auto.offset.reset by_duration asks for, what comes next is: from here on.
            Map<TopicPartition, Long> timed = new HashMap<>(ends);
            timed.values().removeIf(timestamp -> timestamp < 0);
            timed.replaceAll((id, timestamp) -> OffsetReset.LATEST.timestamp(0));
            Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>(offsetsOf(timed, deadline));
            found.putAll(offsetsOf(ends, deadline));
            found.forEach((id, offset) -> {
                if (settings.groupId().isPresent() && fromCommits.contains(id)) {
                    beginnings.put(id, offset.offset());
                }
                partitions.get(id).seekTo(offset.offset());
            });
        }
    }

    private Map<TopicPartition, OffsetAndTimestamp> offsetsOf(Map<TopicPartition, Long> wanted, Deadline deadline) {
        return wanted.isEmpty() ? Map.of() : BrokerCalls.await(offsets.knownOffsets(wanted), deadline, "ListOffsets");
    }

    private OffsetReset endFor(ConsumedPartition partition) {
        OffsetReset end = partition.pendingSeek().orElse(settings.offsetReset());
        if (end.kind() == OffsetReset.Kind.NONE && partition.isReset()) {
            throw new OffsetOutOfRangeException(Map.of(partition.id(), partition.lostPosition()));
        }
        if (end.kind() == OffsetReset.Kind.NONE) {
            throw new NoOffsetForPartitionException(partition.id());
        }
        return end;
    }

    /** From now on what is committed counts, or the end anew: to go back to the beginning would repeat what was polled. */
    void onPolled(Set<TopicPartition> polled) {
        if (!beginnings.isEmpty()) {
            beginnings.keySet().removeAll(polled);
        }
    }

    /** The group is left: whoever joins it later begins where it says then. */
    void forgetBeginnings() {
        beginnings.clear();
    }

    /**
     * A partition of the consumer's.
     *
     * @throws IllegalStateException when it is not assigned to it
     */
    ConsumedPartition at(TopicPartition id) {
        ConsumedPartition partition = partitions.get(id);
        if (partition == null) {
            throw new IllegalStateException("Partition " + id + " is not assigned to this consumer");
        }
        return partition;
    }

    /** A partition with more records than the others would be read to its end before they have their turn. */
    void letOthersGoFirst(TopicPartition id) {
        if (!partitions.get(id).hasRecords()) {
            partitions.put(id, partitions.remove(id));
        }
    }

    /** The positions behind what a poll has taken of these partitions. */
    Map<TopicPartition, OffsetAndMetadata> after(Set<TopicPartition> polled) {
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        polled.forEach(partition -> next.put(
                partition, new OffsetAndMetadata(partitions.get(partition).position())));
        return next;
    }

    /** The positions of all partitions that have one, as they would be committed. */
    Map<TopicPartition, OffsetAndMetadata> toCommit() {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        partitions.values().stream()
                .filter(ConsumedPartition::hasPosition)
                .forEach(partition -> positions.put(partition.id(), new OffsetAndMetadata(partition.position())));
        return positions;
    }
}
