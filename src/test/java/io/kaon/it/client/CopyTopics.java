// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Feeds {@link ExactCopier} and checks its copy as a read_committed reader sees it: each partition must hold the records
 * of its origin in their order, none twice and none left out.
 *
 * <pre>
 * feed BOOTSTRAP INPUT OUTPUT RECORDS        makes the topics and sends so many records
 * await BOOTSTRAP OUTPUT RECORDS             ends when at least so many are there
 * check BOOTSTRAP OUTPUT RECORDS             the same, and reads to the end
 * open BOOTSTRAP TOPIC ID                    begins a transaction with two records; commits it at end of standard input
 * </pre>
 */
public final class CopyTopics {
    private static final int PARTITIONS = 2;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long PATIENCE_NS = Duration.ofMinutes(3).toNanos();
    private static final int LONGER_THAN_A_CRASH_MS = 180_000;

    private CopyTopics() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "feed" -> feed(args[1], args[2], args[3], Integer.parseInt(args[4]));
            case "await" -> read(args[1], args[2], Integer.parseInt(args[3]), false);
            case "check" -> read(args[1], args[2], Integer.parseInt(args[3]), true);
            default -> open(args[1], args[2], args[3]);
        }
    }

    private static void feed(String bootstrap, String input, String output, int records) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new StringSerializer())) {
            admin.createTopics(List.of(
                            new NewTopic(input, PARTITIONS, (short) 1), new NewTopic(output, PARTITIONS, (short) 1)))
                    .all()
                    .get();
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int n = 0; n < records; n++) {
                sent.add(producer.send(new ProducerRecord<>(input, n % PARTITIONS, null, Integer.toString(n))));
                if (n < PARTITIONS) {
                    // A broker that has not heard of the new topic yet refuses the first batch of a partition, and then
                    // takes the second before the first comes again: it does not know the producer. The origin itself
                    // would be out of order.
                    sent.get(n).get();
                }
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
    }

    private static void read(String bootstrap, String output, int records, boolean toTheEnd) {
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed");
        Map<Integer, Integer> next = new HashMap<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                partitions.add(new TopicPartition(output, partition));
                next.put(partition, partition);
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            int seen = 0;
            long deadlineNs = System.nanoTime() + PATIENCE_NS;
            while (seen < records || toTheEnd && behind(consumer, partitions)) {
                for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                    seen++;
                    int expected = next.merge(record.partition(), PARTITIONS, Integer::sum) - PARTITIONS;
                    if (!record.value().equals(Integer.toString(expected))) {
                        throw new IllegalStateException("the copy " + record.value() + " at " + record.partition() + ":"
                                + record.offset() + ", expected " + expected);
                    }
                }
                if (System.nanoTime() > deadlineNs) {
                    throw new IllegalStateException("saw " + seen + " copies of " + records);
                }
            }
            System.out.println("saw " + seen + " copies");
        }
    }

    /** Records after the last one that was wanted would be copies that must not be there. */
    private static boolean behind(KafkaConsumer<?, ?> consumer, List<TopicPartition> partitions) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        return partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition));
    }

    private static void open(String bootstrap, String topic, String id) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "transactional.id",
                        id,
                        "transaction.timeout.ms",
                        LONGER_THAN_A_CRASH_MS,
                        "max.block.ms",
                        LONGER_THAN_A_CRASH_MS),
                new StringSerializer(),
                new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                producer.send(new ProducerRecord<>(topic, partition, null, Integer.toString(partition)))
                        .get();
            }
            System.out.println("open");
            while (System.in.read() >= 0) {
                // Until whoever started this says so.
            }
            producer.commitTransaction();
            System.out.println("committed");
        }
    }
}
