// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench.coordination;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/** A consumer that polls in its own thread and tells which partitions it has. */
final class Member implements ConsumerRebalanceListener {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long STACK_BYTES = 256 << 10;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String topic;
    private final Assignments assignments;
    private final Thread thread;
    private volatile boolean isWanted = true;

    Member(KafkaConsumer<byte[], byte[]> consumer, String topic, Assignments assignments) {
        this.consumer = consumer;
        this.topic = topic;
        this.assignments = assignments;
        this.thread = new Thread(null, this::run, "member", STACK_BYTES);
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Has the member leave; does not wait for it. */
    void stop() {
        isWanted = false;
        consumer.wakeup();
    }

    private void run() {
        try (consumer) {
            consumer.subscribe(List.of(topic), this);
            while (isWanted) {
                consumer.poll(POLL);
            }
        } catch (WakeupException expected) {
            // That is how it is stopped; closing leaves the group.
        } finally {
            assignments.forget(this);
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        assignments.add(this, partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        assignments.remove(this, partitions);
    }
}
