// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.stress;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes a topic, fills and reads it, cuts its beginning off, deletes it and makes it again: each generation starts empty. */
final class TopicRemaker implements Runnable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration READ_LIMIT = Duration.ofSeconds(30);
    private static final long ADMIN_LIMIT_SECONDS = 30;
    private static final int ASK_AGAIN_MS = 100;
    private static final int MAX_RECORDS = 300;
    private static final int MAX_DELETE_DELAY_MS = 1_500;
    private static final int MAX_REST_MS = 4_000;
    private static final int LARGE = 4_000;

    private final StressRun run;
    private final TopicPartition partition;
    private final Random random;

    TopicRemaker(StressRun run, String topic) {
        this.run = run;
        this.partition = new TopicPartition(topic, 0);
        this.random = run.random(topic);
    }

    @Override
    public void run() {
        try (Admin admin = run.clients().admin()) {
            for (int generation = 1; run.isRunning(); generation++) {
                live(admin, "generation " + generation + ", record ");
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private void live(Admin admin, String prefix) throws InterruptedException {
        Map<String, String> config =
                Map.of("segment.bytes", "1048576", "file.delete.delay.ms", "" + random.nextInt(MAX_DELETE_DELAY_MS));
        NewTopic topic = new NewTopic(partition.topic(), 1, (short) 1).configs(config);
        if (!insist(() -> admin.createTopics(List.of(topic)).all(), TopicExistsException.class)) {
            return;
        }
        int count = 1 + random.nextInt(MAX_RECORDS);
        if (fill(prefix, count)) {
            readBack(prefix, 0, count);
            if (random.nextBoolean()) {
                trim(admin, prefix, count);
            }
        }
        if (random.nextInt(3) == 0) {
            StressRun.pause(random.nextInt(MAX_REST_MS));
        }
        insist(() -> admin.deleteTopics(List.of(partition.topic())).all(), UnknownTopicOrPartitionException.class);
        run.count("remade");
    }

    private boolean fill(String prefix, int count) throws InterruptedException {
        String padding = random.nextInt(3) == 0 ? "y".repeat(LARGE) : "";
        try (KafkaProducer<String, String> producer = run.clients().producer()) {
            List<Future<RecordMetadata>> answers = new ArrayList<>();
            for (int n = 0; n < count; n++) {
                answers.add(
                        producer.send(new ProducerRecord<>(partition.topic(), 0, null, prefix + n + ":" + padding)));
            }
            producer.flush();
            for (int n = 0; n < count; n++) {
                long offset = answers.get(n).get().offset();
                if (offset != n) {
                    run.found("%s: %s%d got offset %d", partition, prefix, n, offset);
                }
            }
            return true;
        } catch (ExecutionException failure) {
            run.count("fill failed: " + failure.getCause().getClass().getSimpleName());
            return false;
        }
    }

    private void trim(Admin admin, String prefix, int count) throws InterruptedException {
        int from = 1 + random.nextInt(count);
        Map<TopicPartition, RecordsToDelete> request = Map.of(partition, RecordsToDelete.beforeOffset(from));
        if (insist(() -> admin.deleteRecords(request).all(), TopicExistsException.class)) {
            readBack(prefix, from, count);
        }
    }

    private void readBack(String prefix, int from, int count) {
        try (KafkaConsumer<String, String> consumer = run.clients().reader()) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            int next = from;
            long end = System.nanoTime() + READ_LIMIT.toNanos();
            while (next < count && System.nanoTime() < end) {
                for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                    if (next == from && record.offset() < from) {
                        run.count("deleted records came back with a crash, as in Kafka");
                        return;
                    }
                    if (record.offset() != next || !record.value().startsWith(prefix + next + ":")) {
                        run.found("%s@%d, not %s%d: %.40s", partition, record.offset(), prefix, next, record.value());
                        return;
                    }
                    next++;
                }
            }
            if (next < count) {
                run.found("%s: %s%d of %d cannot be read, from %d", partition, prefix, next, count, from);
            }
        } catch (KafkaException failure) {
            run.count("read back failed: " + failure.getClass().getSimpleName());
        }
    }

    /** Asks until it is done; a server that was killed in between may have done it without saying so. */
    private boolean insist(Supplier<KafkaFuture<?>> request, Class<? extends Exception> doneBefore)
            throws InterruptedException {
        while (run.isRunning()) {
            try {
                request.get().get(ADMIN_LIMIT_SECONDS, TimeUnit.SECONDS);
                return true;
            } catch (ExecutionException failure) {
                if (doneBefore.isInstance(failure.getCause())) {
                    return true;
                }
                run.count("asked again: " + failure.getCause().getClass().getSimpleName());
                StressRun.pause(ASK_AGAIN_MS);
            } catch (TimeoutException hanging) {
                run.found("%s: no answer to an admin request within %d s", partition, ADMIN_LIMIT_SECONDS);
            }
        }
        return false;
    }
}
