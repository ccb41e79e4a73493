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
 * Feeds {@link WordCount} and checks what it sends, as a read_committed reader sees it: the counts of each word must be
 * 1, 2, 3 … without a gap and without one twice.
 *
 * <pre>
 * feed BOOTSTRAP INPUT OUTPUT WORDS        makes the topics and sends so many words
 * await BOOTSTRAP OUTPUT COUNT             ends when at least so many counts are committed
 * check BOOTSTRAP OUTPUT WORDS             checks every count up to the last one
 * </pre>
 */
public final class WordCountTopics {
    private static final int PARTITIONS = 3;
    private static final int DIFFERENT_WORDS = 17;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long PATIENCE_NS = Duration.ofMinutes(3).toNanos();

    private final Map<String, Integer> counts = new HashMap<>();
    private int seen;

    private WordCountTopics() {}

    public static void main(String[] args) throws Exception {
        if (args[0].equals("feed")) {
            feed(args[1], args[2], args[3], Integer.parseInt(args[4]));
            return;
        }
        WordCountTopics output = new WordCountTopics();
        output.read(args[1], args[2], Integer.parseInt(args[3]), args[0].equals("check"));
        System.out.println("saw " + output.seen + " counts of " + output.counts.size() + " words");
    }

    private static void feed(String bootstrap, String input, String output, int words) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new StringSerializer())) {
            admin.createTopics(List.of(
                            new NewTopic(input, PARTITIONS, (short) 1), new NewTopic(output, PARTITIONS, (short) 1)))
                    .all()
                    .get();
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int n = 0; n < words; n++) {
                sent.add(producer.send(
                        new ProducerRecord<>(input, n % PARTITIONS, null, "word-" + n % DIFFERENT_WORDS)));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
    }

    private void read(String bootstrap, String output, int wanted, boolean toTheEnd) {
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(output).stream()
                    .map(partition -> new TopicPartition(output, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long deadlineNs = System.nanoTime() + PATIENCE_NS;
            while (seen < wanted || toTheEnd && behind(consumer, partitions)) {
                consumer.poll(POLL).forEach(this::see);
                if (System.nanoTime() > deadlineNs) {
                    throw new IllegalStateException("saw " + seen + " of " + wanted + " counts: " + counts);
                }
            }
        }
    }

    /** Records after the last one that was wanted would be counts that must not be there. */
    private static boolean behind(KafkaConsumer<?, ?> consumer, List<TopicPartition> partitions) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        return partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition));
    }

    private void see(ConsumerRecord<String, String> record) {
        int expected = counts.merge(record.key(), 1, Integer::sum);
        if (Integer.parseInt(record.value()) != expected) {
            throw new IllegalStateException("the count " + record.value() + " of " + record.key() + " at "
                    + record.partition() + ":" + record.offset() + ", expected " + expected);
        }
        seen++;
    }
}
