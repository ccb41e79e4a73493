// SPDX-License-Identifier: Apache-2.0
package io.kaon.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads one topic, all its partitions, without a group: the application's consumers are not disturbed. Remembers how far
 * it has read, so that each {@code await…} goes on after the previous one. Records of one partition come in order.
 *
 * <p>Owned by one thread. Closed with its client; who makes many closes each.
 */
public final class TopicReader<K, V> implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    /** Records that a failure message shows. */
    private static final int MAX_SHOWN = 20;

    private static final int MAX_SHOWN_CHARACTERS = 200;

    private final Connection connection;
    private final String topic;
    private final Format<K, V> format;
    private final Map<String, Object> settings = new HashMap<>();
    private final List<ConsumerRecord<K, V>> waiting = new ArrayList<>();
    private Duration timeout;
    private KafkaConsumer<K, V> consumer;

    /** How bytes become keys and values. */
    record Format<K, V>(Deserializer<K> key, Deserializer<V> value) {}

    TopicReader(Connection connection, String topic, Format<K, V> format, Duration timeout) {
        this.connection = connection;
        this.topic = topic;
        this.format = format;
        this.timeout = timeout;
    }

    /** Another timeout for this reader's calls. */
    public TopicReader<K, V> within(Duration patience) {
        timeout = patience;
        return this;
    }

    /** Leaves out what transactions have not committed. Before the first read. */
    public TopicReader<K, V> readCommitted() {
        if (consumer != null) {
            throw new IllegalStateException("readCommitted() comes before the first read");
        }
        settings.put("isolation.level", "read_committed");
        return this;
    }

    /**
     * Skips what is in the topic now: the next read sees what is written after this call. A topic that is not there yet
     * is read from its beginning.
     */
    public TopicReader<K, V> fromNow() {
        Patience patience = Patience.of(timeout);
        if (maybeAssign()) {
            waiting.clear();
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment(), patience.left(timeout));
            ends.forEach(consumer::seek);
        }
        return this;
    }

    /** Goes back to the beginning of the topic. */
    public TopicReader<K, V> fromBeginning() {
        waiting.clear();
        if (consumer != null) {
            consumer.seekToBeginning(consumer.assignment());
        }
        return this;
    }

    /**
     * Waits for records and returns exactly so many, the next ones; what arrived beyond is kept for the next call.
     *
     * @throws AssertionError with the records that did arrive, which count as read, when they are fewer
     */
    public List<ConsumerRecord<K, V>> awaitRecords(int count) {
        Patience patience = Patience.of(timeout);
        while (waiting.size() < count && !patience.isOver()) {
            poll(patience);
        }
        if (waiting.size() < count) {
            throw failure("Expected " + count + (count == 1 ? " record" : " records"), patience, take(waiting.size()));
        }
        return take(count);
    }

    /** The values of {@link #awaitRecords}. */
    public List<V> awaitValues(int count) {
        return awaitRecords(count).stream().map(ConsumerRecord::value).collect(Collectors.toList());
    }

    /** Waits for one record, the next one. */
    public ConsumerRecord<K, V> awaitRecord() {
        return awaitRecords(1).get(0);
    }

    /**
     * Waits for the first record that is as described; the ones before it count as read.
     *
     * @param expected for example {@code record -> record.key().equals("order-1")}
     * @throws AssertionError with the records that did arrive, when none is
     */
    public ConsumerRecord<K, V> awaitRecord(Predicate<? super ConsumerRecord<K, V>> expected) {
        Patience patience = Patience.of(timeout);
        List<ConsumerRecord<K, V>> others = new ArrayList<>();
        do {
            if (waiting.isEmpty()) {
                poll(patience);
            }
            while (!waiting.isEmpty()) {
                ConsumerRecord<K, V> record = take(1).get(0);
                if (expected.test(record)) {
                    return record;
                }
                others.add(record);
            }
        } while (!patience.isOver());
        throw failure("Expected a record that is as the test describes", patience, others);
    }

    /**
     * Waits until the records read by this call are, together, as described, and returns them all.
     *
     * @param expected looks at what has come so far, after each arrival; first at nothing
     */
    public List<ConsumerRecord<K, V>> awaitUntil(Predicate<? super List<ConsumerRecord<K, V>>> expected) {
        Patience patience = Patience.of(timeout);
        List<ConsumerRecord<K, V>> seen = new ArrayList<>();
        while (!expected.test(seen)) {
            if (patience.isOver()) {
                throw failure("Expected records that are as the test describes", patience, seen);
            }
            if (waiting.isEmpty()) {
                poll(patience);
            }
            seen.addAll(take(waiting.size()));
        }
        return seen;
    }

    /** Reads what is in the topic now and was not read yet; does not wait for more. Empty without the topic. */
    public List<ConsumerRecord<K, V>> readAll() {
        Patience patience = Patience.of(timeout);
        if (!maybeAssign()) {
            return List.of();
        }
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment(), patience.left(timeout));
        while (!hasReached(ends, patience)) {
            if (patience.isOver()) {
                throw failure("Expected to read the topic to its end", patience, take(waiting.size()));
            }
            poll(patience);
        }
        return take(waiting.size());
    }

    /** The values of {@link #readAll}. */
    public List<V> readAllValues() {
        return readAll().stream().map(ConsumerRecord::value).collect(Collectors.toList());
    }

    /**
     * Makes sure that nothing arrives for a while. Better: wait for something that happens after what must not happen,
     * then {@link #readAll}; that needs no while.
     *
     * @throws AssertionError with what has arrived
     */
    public void assertNothingFor(Duration quiet) {
        Patience patience = Patience.of(quiet);
        while (waiting.isEmpty() && !patience.isOver()) {
            poll(patience);
        }
        if (!waiting.isEmpty()) {
            throw failure("Expected nothing", patience, take(waiting.size()));
        }
    }

    /** Ends the reader. Idempotent. */
    @Override
    public void close() {
        connection.forget(this);
        KafkaConsumer<K, V> open = consumer;
        consumer = null;
        if (open != null) {
            open.close();
        }
    }

    private void poll(Patience patience) {
        if (maybeAssign()) {
            consumer.poll(patience.left(POLL)).forEach(waiting::add);
        } else {
            patience.pause();
        }
    }

    /** Takes all partitions that there are by now; answers whether there is one. */
    private boolean maybeAssign() {
        if (consumer == null) {
            consumer = connection.newConsumer(this, settings, format.key(), format.value());
        }
        List<PartitionInfo> found = consumer.partitionsFor(topic, timeout);
        if (found == null || found.isEmpty()) {
            return !consumer.assignment().isEmpty();
        }
        if (found.size() != consumer.assignment().size()) {
            Set<TopicPartition> before = consumer.assignment();
            consumer.assign(found.stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList());
            Set<TopicPartition> added = new HashSet<>(consumer.assignment());
            added.removeAll(before);
            consumer.seekToBeginning(added);
        }
        return true;
    }

    private boolean hasReached(Map<TopicPartition, Long> ends, Patience patience) {
        return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey(), patience.left(timeout)) >= end.getValue());
    }

    private List<ConsumerRecord<K, V>> take(int count) {
        List<ConsumerRecord<K, V>> head = waiting.subList(0, count);
        List<ConsumerRecord<K, V>> taken = List.copyOf(head);
        head.clear();
        return taken;
    }

    private AssertionError failure(String expected, Patience patience, List<ConsumerRecord<K, V>> arrived) {
        StringBuilder text = new StringBuilder(expected)
                .append(" in topic '")
                .append(topic)
                .append("' within ")
                .append(patience)
                .append(", ");
        if (consumer == null || consumer.assignment().isEmpty()) {
            return new AssertionError(
                    text.append("but there is no such topic; there are ").append(otherTopics()));
        }
        text.append("but ")
                .append(arrived.size())
                .append(arrived.size() == 1 ? " has" : " have")
                .append(" arrived");
        arrived.stream().limit(MAX_SHOWN).forEach(record -> text.append("\n  ").append(shown(record)));
        if (arrived.size() > MAX_SHOWN) {
            text.append("\n  … and ").append(arrived.size() - MAX_SHOWN).append(" more");
        }
        return new AssertionError(text.toString());
    }

    private Set<String> otherTopics() {
        return new TreeSet<>(consumer.listTopics(timeout).keySet());
    }

    private static String shown(ConsumerRecord<?, ?> record) {
        StringBuilder text = new StringBuilder(record.topic() + "-" + record.partition() + " at " + record.offset());
        if (record.key() != null) {
            text.append(", key ").append(shortened(record.key()));
        }
        for (Header header : record.headers()) {
            byte[] value = header.value();
            text.append(", header ").append(header.key()).append('=');
            text.append(shortened(value == null ? null : new String(value, StandardCharsets.UTF_8)));
        }
        return text.append(": ").append(shortened(record.value())).toString();
    }

    private static String shortened(Object value) {
        String text = value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value);
        return text.length() <= MAX_SHOWN_CHARACTERS ? text : text.substring(0, MAX_SHOWN_CHARACTERS) + "…";
    }
}
