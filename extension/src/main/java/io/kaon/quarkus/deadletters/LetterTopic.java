// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deadletters;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A dead letter topic, or one where records wait to be tried again, as it is found when this is made. It waits for the broker:
 * not for event loops. One thread.
 */
final class LetterTopic {
    /** Who has replayed what is kept as offsets of a group; no member is ever in it. */
    private static final String GROUP_PREFIX = "kaon-replay-";

    /** Letters are held whole, so large ones make a page shorter. */
    private static final long MAX_PAGE_BYTES = 16L << 20;
    /** How many are read at a time, going backwards. */
    private static final int CHUNK = 50;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> starts;
    private final Map<TopicPartition, Long> ends;
    private final Map<TopicPartition, ReplayMarks> marks = new HashMap<>();

    /** @param consumer of {@link #groupOf} the topic; nobody else uses it meanwhile */
    LetterTopic(Consumer<byte[], byte[]> consumer, String topic) {
        this.consumer = consumer;
        List<TopicPartition> partitions = partitionsOf(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        starts = partitions.isEmpty() ? Map.of() : consumer.beginningOffsets(partitions, PATIENCE);
        ends = partitions.isEmpty() ? Map.of() : consumer.endOffsets(partitions, PATIENCE);
        Map<TopicPartition, OffsetAndMetadata> committed =
                partitions.isEmpty() ? Map.of() : consumer.committed(new HashSet<>(partitions), PATIENCE);
        partitions.forEach(
                partition -> marks.put(partition, ReplayMarks.of(committed.get(partition), starts.get(partition))));
    }

    /** The group whose offsets tell what of a topic was replayed. */
    static String groupOf(String topic) {
        return GROUP_PREFIX + topic;
    }

    /** How many partitions a topic has, 0 if it is not there. It is not made by asking. */
    int partitionCount(String topic) {
        return partitionsOf(topic).size();
    }

    private List<PartitionInfo> partitionsOf(String topic) {
        try {
            List<PartitionInfo> found = consumer.partitionsFor(topic, PATIENCE);
            return found == null ? List.of() : found;
        } catch (UnknownTopicOrPartitionException e) {
            return List.of();
        }
    }

    /** Where each partition ended when this was made, exclusive. */
    Map<TopicPartition, Long> ends() {
        return ends;
    }

    long start(TopicPartition partition) {
        return starts.get(partition);
    }

    /** How many records have not been replayed. */
    long unreplayed() {
        return ends.entrySet().stream()
                .mapToLong(end -> marks.get(end.getKey()).unmarkedBefore(end.getValue()))
                .sum();
    }

    boolean isReplayed(TopicPartition partition, long offset) {
        return marks.get(partition).contains(offset);
    }

    /** Notes it; {@link #commit} keeps it. */
    void markReplayed(TopicPartition partition, long offset) {
        marks.get(partition).add(offset);
    }

    /** Has the broker keep what was marked. */
    void commit(TopicPartition partition) {
        consumer.commitSync(Map.of(partition, marks.get(partition).toCommit()), PATIENCE);
    }

    // --- reading

    /** Reads a partition from an offset on, forwards. */
    void begin(TopicPartition partition, long offset) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, offset);
    }

    /** The next ones of the partition that was begun, none for the moment, or none at all: see {@link #position}. */
    List<DeadLetter> next() {
        List<DeadLetter> letters = new ArrayList<>();
        consumer.poll(POLL).forEach(record -> letters.add(letter(record)));
        return letters;
    }

    /** How far the partition has been read, exclusive. */
    long position(TopicPartition partition) {
        return consumer.position(partition, PATIENCE);
    }

    private DeadLetter letter(ConsumerRecord<byte[], byte[]> record) {
        boolean isReplayed = isReplayed(new TopicPartition(record.topic(), record.partition()), record.offset());
        return new DeadLetter(record, FailureHeaders.read(record.headers()), isReplayed);
    }

    /**
     * The newest records below the given ends, newest first; fewer than asked for when they are large.
     *
     * @param below by partition number; partitions that are not there are read from their end
     */
    List<DeadLetter> newest(Map<Integer, Long> below, int limit) {
        List<DeadLetter> letters = new ArrayList<>();
        ends.forEach((partition, end) -> {
            long to = Math.min(end, below.getOrDefault(partition.partition(), Long.MAX_VALUE));
            letters.addAll(last(partition, to, limit));
        });
        letters.sort(
                Comparator.comparingLong((DeadLetter letter) -> letter.record().timestamp())
                        .thenComparingInt(letter -> letter.record().partition())
                        .thenComparingLong(letter -> letter.record().offset())
                        .reversed());
        return letters.subList(0, Math.min(limit, letters.size()));
    }

    /**
     * Where the records begin that are older than these.
     *
     * @return by partition number; empty when there are none
     */
    Map<Integer, Long> olderThan(Map<Integer, Long> below, List<DeadLetter> letters) {
        Map<Integer, Long> older = new TreeMap<>();
        ends.forEach((partition, end) ->
                older.put(partition.partition(), Math.min(end, below.getOrDefault(partition.partition(), end))));
        letters.forEach(letter ->
                older.merge(letter.record().partition(), letter.record().offset(), Math::min));
        boolean isMore =
                ends.keySet().stream().anyMatch(partition -> older.get(partition.partition()) > start(partition));
        return isMore ? older : Map.of();
    }

    /** The last records below an offset; further back where compaction or aborted transactions have left gaps. */
    private List<DeadLetter> last(TopicPartition partition, long end, int limit) {
        List<DeadLetter> letters = new ArrayList<>();
        long bytesLeft = MAX_PAGE_BYTES / ends.size();
        long to = end;
        while (to > start(partition) && letters.size() < limit && bytesLeft > 0) {
            long from = Math.max(start(partition), to - Math.min(limit, CHUNK));
            List<DeadLetter> some = between(partition, from, to);
            letters.addAll(0, some);
            bytesLeft -= some.stream().mapToLong(LetterTopic::sizeOf).sum();
            to = from;
        }
        return letters.subList(Math.max(0, letters.size() - limit), letters.size());
    }

    private static long sizeOf(DeadLetter letter) {
        return Math.max(0, letter.record().serializedKeySize())
                + Math.max(0, letter.record().serializedValueSize());
    }

    private List<DeadLetter> between(TopicPartition partition, long from, long to) {
        List<DeadLetter> letters = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        begin(partition, from);
        while (position(partition) < to && System.nanoTime() - deadline < 0) {
            next().stream().filter(letter -> letter.record().offset() < to).forEach(letters::add);
        }
        return letters;
    }
}
