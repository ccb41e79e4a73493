// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.client;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Produces and consumes with every kafka-clients from 0.8.2 (producer) and 0.9 (consumer) on, whatever message format
 * that one knows. What has changed its parameters over the years is looked for by name.
 *
 * <pre>
 * produce BOOTSTRAP COUNT BYTES TOPIC=CODEC…       sends records 0 … COUNT−1 to each topic, record n to partition n mod 2
 * consume BOOTSTRAP COUNT BYTES GROUP TOPIC…       reads half of each topic in the group, then the rest as another member
 * </pre>
 */
public final class OldClient {
    static final int PARTITIONS = 2;
    private static final long PATIENCE_NS = Duration.ofSeconds(60).toNanos();
    private static final int POLL_MS = 200;

    private final String bootstrap;
    private final int count;
    private final int bytes;

    private OldClient(String bootstrap, int count, int bytes) {
        this.bootstrap = bootstrap;
        this.count = count;
        this.bytes = bytes;
    }

    public static void main(String[] args) throws Exception {
        OldClient client = new OldClient(args[1], Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        List<String> rest = Arrays.asList(args).subList(4, args.length);
        if (args[0].equals("produce")) {
            for (String topicAndCodec : rest) {
                int separator = topicAndCodec.indexOf('=');
                client.produce(topicAndCodec.substring(0, separator), topicAndCodec.substring(separator + 1));
            }
        } else {
            for (String topic : rest.subList(1, rest.size())) {
                client.consume(rest.get(0), topic);
            }
        }
    }

    private void produce(String topic, String codec) throws InterruptedException, ExecutionException {
        Properties config = new Properties();
        config.put("bootstrap.servers", bootstrap);
        config.put("acks", "all");
        config.put("compression.type", codec);
        config.put("linger.ms", "5");
        config.put("key.serializer", "org.apache.kafka.common.serialization.ByteArraySerializer");
        config.put("value.serializer", "org.apache.kafka.common.serialization.ByteArraySerializer");
        Map<Integer, Future<RecordMetadata>> sent = new TreeMap<>();
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(config);
        try {
            for (int n = 0; n < count; n++) {
                byte[] key = ByteBuffer.allocate(Long.BYTES).putLong(n).array();
                sent.put(
                        n,
                        producer.send(
                                new ProducerRecord<>(topic, n % PARTITIONS, key, BulkProducer.content(n, bytes))));
            }
            for (Map.Entry<Integer, Future<RecordMetadata>> one : sent.entrySet()) {
                long offset = one.getValue().get().offset();
                if (offset != one.getKey() / PARTITIONS) {
                    throw new IllegalStateException("record " + one.getKey() + " got the offset " + offset);
                }
            }
        } finally {
            producer.close();
        }
        System.out.println("sent " + count + " to " + topic);
    }

    private void consume(String group, String topic) throws ReflectiveOperationException {
        Map<Integer, Long> next = new HashMap<>();
        int first = readAndCommit(group, topic, count / 2, next);
        int second = readAndCommit(group, topic, count - first, next);
        System.out.println("read " + (first + second) + " of " + topic);
    }

    /** Reads at least so many records as a new member of the group, and commits what it has read. */
    private int readAndCommit(String group, String topic, int wanted, Map<Integer, Long> next)
            throws ReflectiveOperationException {
        Properties config = new Properties();
        config.put("bootstrap.servers", bootstrap);
        config.put("group.id", group + "-" + topic);
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", "false");
        config.put("max.partition.fetch.bytes", "65536");
        config.put("key.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer");
        config.put("value.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer");
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config);
        try {
            call(consumer, "subscribe", List.of(topic), List.class, Collection.class);
            int seen = 0;
            long deadlineNs = System.nanoTime() + PATIENCE_NS;
            while (seen < wanted) {
                if (System.nanoTime() > deadlineNs) {
                    throw new IllegalStateException("saw " + seen + " of " + wanted + " records of " + topic);
                }
                for (ConsumerRecord<byte[], byte[]> record : AnyRelease.poll(consumer, POLL_MS)) {
                    check(record, next);
                    seen++;
                }
            }
            consumer.commitSync();
            return seen;
        } finally {
            consumer.close();
        }
    }

    private void check(ConsumerRecord<byte[], byte[]> record, Map<Integer, Long> next) {
        long expected = next.getOrDefault(record.partition(), 0L);
        long n = ByteBuffer.wrap(record.key()).getLong();
        if (record.offset() != expected || n != expected * PARTITIONS + record.partition()) {
            throw new IllegalStateException("record " + n + " at offset " + record.offset() + " of " + record.topic()
                    + "-" + record.partition() + ", expected offset " + expected);
        }
        if (!Arrays.equals(record.value(), BulkProducer.content(n, bytes))) {
            throw new IllegalStateException("record " + n + " of " + record.topic() + " has another value");
        }
        next.put(record.partition(), expected + 1);
    }

    /** Calls the method with whichever of the parameter types it has in this release. */
    private static void call(Object target, String name, Object argument, Class<?>... parameterTypes)
            throws ReflectiveOperationException {
        for (Class<?> type : parameterTypes) {
            try {
                Method method = target.getClass().getMethod(name, type);
                method.invoke(target, argument);
                return;
            } catch (NoSuchMethodException other) {
                // The next one, then.
            }
        }
        throw new NoSuchMethodException(name);
    }
}
