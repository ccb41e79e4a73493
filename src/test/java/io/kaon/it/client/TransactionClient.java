// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What transactions promise, asked of the broker by every kafka-clients from 0.11 on: {@code bootstrap prefix}, prefix for
 * the names of topics, groups and producers. Topics are made by use and have two partitions. Each step prints a line.
 */
public final class TransactionClient {
    private static final int PARTITIONS = 2;
    private static final String END = "end";
    private static final long PATIENCE_NS = Duration.ofSeconds(60).toNanos();
    private static final int POLL_MS = 100;
    private static final int LONG_TIMEOUT_MS = 60_000;
    private static final int SHORT_TIMEOUT_MS = 3_000;

    private final String bootstrap;
    private final String prefix;
    private final KafkaProducer<String, String> plain;

    private TransactionClient(String bootstrap, String prefix) {
        this.bootstrap = bootstrap;
        this.prefix = prefix;
        this.plain = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all"), new StringSerializer(), new StringSerializer());
    }

    public static void main(String[] args) throws Exception {
        TransactionClient client = new TransactionClient(args[0], args[1]);
        client.commitAndAbort();
        client.hideWhatIsOpen();
        client.fence();
        client.consumeTransformProduce();
        client.timeOut();
        client.plain.close();
    }

    /** Committed, aborted and plain records in turn. */
    private void commitAndAbort() throws Exception {
        String topic = prefix + "-mixed";
        Map<Integer, List<String>> committed = new TreeMap<>();
        Map<Integer, List<String>> all = new TreeMap<>();
        try (KafkaProducer<String, String> producer = transactional("mixed", LONG_TIMEOUT_MS)) {
            producer.initTransactions();
            for (int round = 0; round < 12; round++) {
                boolean aborts = round % 3 == 1;
                producer.beginTransaction();
                for (int n = 0; n < 20; n++) {
                    String value = (aborts ? "aborted-" : "committed-") + round + "-" + n;
                    // Waiting for some makes several batches of one transaction.
                    send(producer, topic, n % PARTITIONS, value, n < PARTITIONS || n % 7 == 0);
                    add(all, n % PARTITIONS, value);
                    if (!aborts) {
                        add(committed, n % PARTITIONS, value);
                    }
                }
                if (aborts) {
                    producer.flush();
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
                send(plain, topic, 0, "plain-" + round, true);
                add(all, 0, "plain-" + round);
                add(committed, 0, "plain-" + round);
            }
        }
        end(topic);
        expect(topic, "read_committed", committed);
        expect(topic, "read_uncommitted", all);
        System.out.println("commit and abort: exact");
    }

    /** An open transaction ends what a read_committed reader may see, also of records after it. */
    private void hideWhatIsOpen() throws Exception {
        String topic = prefix + "-open";
        Map<Integer, List<String>> expected = new TreeMap<>();
        try (KafkaProducer<String, String> producer = transactional("open", LONG_TIMEOUT_MS)) {
            producer.initTransactions();
            send(plain, topic, 0, "before", true);
            add(expected, 0, "before");
            producer.beginTransaction();
            send(producer, topic, 0, "inside", true);
            add(expected, 0, "inside");
            send(plain, topic, 0, "after", true);
            add(expected, 0, "after");
            long stable = endOf(topic, 0, "read_committed");
            long end = endOf(topic, 0, "read_uncommitted");
            producer.commitTransaction();
            end(topic);
            expect(topic, "read_committed", expected);
            System.out.println("open transaction: stable " + stable + " of " + end);
        }
    }

    /** The second producer with an id ends the transaction of the first, which learns that it is fenced. */
    private void fence() throws Exception {
        String topic = prefix + "-fence";
        KafkaProducer<String, String> first = transactional("fence", LONG_TIMEOUT_MS);
        first.initTransactions();
        first.beginTransaction();
        send(first, topic, 0, "of the first", true);
        try (KafkaProducer<String, String> second = transactional("fence", LONG_TIMEOUT_MS)) {
            second.initTransactions();
            second.beginTransaction();
            send(second, topic, 0, "of the second", false);
            second.commitTransaction();
        }
        System.out.println("fenced: " + failureOf(first));
        first.close();
        end(topic);
        Map<Integer, List<String>> expected = new TreeMap<>();
        add(expected, 0, "of the second");
        expect(topic, "read_committed", expected);
    }

    /** Copies a topic within transactions that carry the group's offsets; every third one is aborted and done again. */
    private void consumeTransformProduce() throws Exception {
        String input = prefix + "-input";
        String output = prefix + "-output";
        String group = prefix + "-copiers";
        Map<Integer, List<String>> expected = new TreeMap<>();
        int count = 200;
        for (int n = 0; n < count; n++) {
            // What follows the first record of a partition must not overtake it while the topic is new.
            send(plain, input, n % PARTITIONS, "record-" + n, n < PARTITIONS || n == count - 1);
            add(expected, n % PARTITIONS, "copy of record-" + n);
        }
        plain.flush();
        try (KafkaConsumer<String, String> consumer = consumer("read_committed", group);
                KafkaProducer<String, String> producer = transactional("copier", LONG_TIMEOUT_MS)) {
            producer.initTransactions();
            consumer.subscribe(List.of(input));
            long deadlineNs = System.nanoTime() + PATIENCE_NS;
            int transactions = 0;
            for (int copied = 0; copied < count; ) {
                check(deadlineNs, "copied only " + copied);
                ConsumerRecords<String, String> records = AnyRelease.poll(consumer, POLL_MS);
                if (!records.isEmpty()) {
                    boolean aborts = transactions++ % 3 == 1;
                    copy(records, output, consumer, producer, group, aborts);
                    copied += aborts ? 0 : records.count();
                }
            }
            for (int partition = 0; partition < PARTITIONS; partition++) {
                long committed = AnyRelease.committed(consumer, new TopicPartition(input, partition));
                if (committed != count / PARTITIONS) {
                    throw new IllegalStateException("committed " + committed + " of partition " + partition);
                }
            }
        }
        end(output);
        expect(output, "read_committed", expected);
        System.out.println("consume, transform, produce: exact");
    }

    private static void copy(
            ConsumerRecords<String, String> records,
            String output,
            KafkaConsumer<String, String> consumer,
            KafkaProducer<String, String> producer,
            String group,
            boolean aborts)
            throws Exception {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        producer.beginTransaction();
        for (ConsumerRecord<String, String> record : records) {
            send(producer, output, record.partition(), "copy of " + record.value(), false);
            TopicPartition from = new TopicPartition(record.topic(), record.partition());
            offsets.put(from, new OffsetAndMetadata(record.offset() + 1));
        }
        AnyRelease.sendOffsets(producer, offsets, consumer, group);
        if (!aborts) {
            producer.commitTransaction();
            return;
        }
        producer.abortTransaction();
        for (TopicPartition partition : offsets.keySet()) {
            consumer.seek(partition, AnyRelease.committed(consumer, partition));
        }
    }

    /** A producer that says nothing for too long: the broker aborts for it, and refuses it afterwards. */
    private void timeOut() throws Exception {
        String topic = prefix + "-timeout";
        KafkaProducer<String, String> slow = transactional("timeout", SHORT_TIMEOUT_MS);
        slow.initTransactions();
        slow.beginTransaction();
        send(slow, topic, 0, "too slow", true);
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (endOf(topic, 0, "read_committed") == 0) {
            check(deadlineNs, "the transaction never timed out");
        }
        System.out.println("timed out: " + failureOf(slow));
        slow.close();
        try (KafkaProducer<String, String> next = transactional("timeout", LONG_TIMEOUT_MS)) {
            next.initTransactions();
            next.beginTransaction();
            send(next, topic, 0, "in time", false);
            next.commitTransaction();
        }
        end(topic);
        Map<Integer, List<String>> expected = new TreeMap<>();
        add(expected, 0, "in time");
        expect(topic, "read_committed", expected);
    }

    /** Commits a transaction that the broker has aborted; the name of what the client throws. */
    private static String failureOf(KafkaProducer<String, String> producer) {
        try {
            producer.commitTransaction();
            return "nothing";
        } catch (KafkaException refused) {
            Throwable cause = refused;
            while (cause.getClass() == KafkaException.class && cause.getCause() != null) {
                cause = cause.getCause();
            }
            return cause.getClass().getSimpleName();
        }
    }

    private KafkaProducer<String, String> transactional(String id, int timeoutMs) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                bootstrap,
                "transactional.id",
                prefix + "-" + id,
                "transaction.timeout.ms",
                timeoutMs,
                "linger.ms",
                5);
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    private KafkaConsumer<String, String> consumer(String isolation, String group) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                bootstrap,
                "group.id",
                group,
                "isolation.level",
                isolation,
                "enable.auto.commit",
                "false",
                "auto.offset.reset",
                "earliest",
                "max.poll.records",
                25);
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }

    private static void send(
            KafkaProducer<String, String> producer, String topic, int partition, String value, boolean waits)
            throws InterruptedException, ExecutionException {
        var sent = producer.send(new ProducerRecord<>(topic, partition, null, value));
        if (waits) {
            sent.get();
        }
    }

    /** The last record of each partition, so that readers know when they have seen everything. */
    private void end(String topic) throws InterruptedException, ExecutionException {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            send(plain, topic, partition, END, true);
        }
    }

    private long endOf(String topic, int partition, String isolation) {
        try (KafkaConsumer<String, String> consumer = consumer(isolation, prefix + "-nobody")) {
            TopicPartition asked = new TopicPartition(topic, partition);
            return consumer.endOffsets(List.of(asked)).get(asked);
        }
    }

    private void expect(String topic, String isolation, Map<Integer, List<String>> expected) throws Exception {
        Map<Integer, List<String>> seen = new TreeMap<>();
        try (KafkaConsumer<String, String> consumer = consumer(isolation, prefix + "-nobody")) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                partitions.add(new TopicPartition(topic, partition));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long deadlineNs = System.nanoTime() + PATIENCE_NS;
            int ended = 0;
            while (ended < PARTITIONS) {
                check(deadlineNs, "no end of " + topic + ", saw " + seen);
                for (ConsumerRecord<String, String> record : AnyRelease.poll(consumer, POLL_MS)) {
                    if (record.value().equals(END)) {
                        ended++;
                    } else {
                        add(seen, record.partition(), record.value());
                    }
                }
            }
        }
        if (!seen.equals(expected)) {
            throw new IllegalStateException(
                    isolation + " of " + topic + "\nsaw      " + seen + "\nexpected " + expected);
        }
    }

    private static void add(Map<Integer, List<String>> values, int partition, String value) {
        values.computeIfAbsent(partition, absent -> new ArrayList<>()).add(value);
    }

    private static void check(long deadlineNs, String problem) {
        if (System.nanoTime() > deadlineNs) {
            throw new IllegalStateException(problem);
        }
    }
}
