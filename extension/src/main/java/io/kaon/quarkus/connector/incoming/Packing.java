// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * How what has been polled waits for the application. Called by the thread that polls.
 *
 * @param <T> what waits
 */
interface Packing<T> {
    void add(ConsumerRecords<Object, Object> polled, WaitingRecords<T> waiting);

    /** Takes out what waits of these partitions, and says how many records that were. */
    int forget(Collection<TopicPartition> partitions, WaitingRecords<T> waiting);

    /** How many records the thing holds. */
    int sizeOf(T item);

    /** Each record for itself. */
    final class Single implements Packing<ConsumerRecord<Object, Object>> {
        @Override
        public void add(
                ConsumerRecords<Object, Object> polled, WaitingRecords<ConsumerRecord<Object, Object>> waiting) {
            for (ConsumerRecord<Object, Object> item : polled) {
                waiting.add(item);
            }
        }

        @Override
        public int forget(
                Collection<TopicPartition> partitions, WaitingRecords<ConsumerRecord<Object, Object>> waiting) {
            return waiting.removeIf(item -> partitions.contains(new TopicPartition(item.topic(), item.partition())));
        }

        @Override
        public int sizeOf(ConsumerRecord<Object, Object> item) {
            return 1;
        }
    }

    /** What one poll brought, together. */
    final class Batch implements Packing<Batch.Poll> {
        @Override
        public void add(ConsumerRecords<Object, Object> polled, WaitingRecords<Poll> waiting) {
            waiting.add(new Poll(polled));
        }

        @Override
        public int forget(Collection<TopicPartition> partitions, WaitingRecords<Poll> waiting) {
            List<Integer> forgotten = new ArrayList<>();
            waiting.removeIf(poll -> {
                forgotten.add(poll.forget(partitions));
                return poll.records.isEmpty();
            });
            return forgotten.stream().mapToInt(Integer::intValue).sum();
        }

        @Override
        public int sizeOf(Poll item) {
            return item.records.count();
        }

        /** A poll that waits; it may become smaller before it is taken. */
        static final class Poll {
            private volatile ConsumerRecords<Object, Object> records;

            Poll(ConsumerRecords<Object, Object> records) {
                this.records = records;
            }

            ConsumerRecords<Object, Object> records() {
                return records;
            }

            private int forget(Collection<TopicPartition> partitions) {
                ConsumerRecords<Object, Object> before = records;
                Map<TopicPartition, List<ConsumerRecord<Object, Object>>> kept = new HashMap<>();
                before.partitions().stream()
                        .filter(partition -> !partitions.contains(partition))
                        .forEach(partition -> kept.put(partition, before.records(partition)));
                records = new ConsumerRecords<>(kept, Map.of());
                return before.count() - records.count();
            }
        }
    }
}
