// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class WaitingRecordsTest {
    private static final TopicPartition GONE = new TopicPartition("t", 0);
    private static final TopicPartition KEPT = new TopicPartition("t", 1);

    @Test
    void shouldTakeRecordsInOrderAndCountThem() {
        // Given
        WaitingRecords<ConsumerRecord<Object, Object>> waiting = new WaitingRecords<>();
        new Packing.Single().add(polled(), waiting);

        // When
        ConsumerRecord<Object, Object> first = waiting.take();

        // Then
        assertThat(first.offset()).isEqualTo(10);
        assertThat(waiting.size()).isEqualTo(2);
    }

    @Test
    void shouldForgetRecordsOfRevokedPartition() {
        // Given
        Packing.Single packing = new Packing.Single();
        WaitingRecords<ConsumerRecord<Object, Object>> waiting = new WaitingRecords<>();
        packing.add(polled(), waiting);

        // When
        int forgotten = packing.forget(List.of(GONE), waiting);

        // Then
        assertThat(forgotten).isEqualTo(2);
        assertThat(waiting.size()).isEqualTo(1);
        assertThat(waiting.take().partition()).isEqualTo(KEPT.partition());
    }

    @Test
    void shouldForgetRevokedPartitionInsideBatch() {
        // Given
        Packing.Batch packing = new Packing.Batch();
        WaitingRecords<Packing.Batch.Poll> waiting = new WaitingRecords<>();
        packing.add(polled(), waiting);

        // When
        int forgotten = packing.forget(List.of(GONE), waiting);

        // Then
        assertThat(forgotten).isEqualTo(2);
        assertThat(waiting.take().records().partitions()).containsExactly(KEPT);
    }

    @Test
    void shouldDropBatchOfWhichNothingIsLeft() {
        // Given
        Packing.Batch packing = new Packing.Batch();
        WaitingRecords<Packing.Batch.Poll> waiting = new WaitingRecords<>();
        packing.add(polled(), waiting);

        // When
        packing.forget(List.of(GONE, KEPT), waiting);

        // Then
        assertThat(waiting.isEmpty()).isTrue();
        assertThat(waiting.size()).isZero();
    }

    private static ConsumerRecords<Object, Object> polled() {
        return new ConsumerRecords<>(
                Map.of(GONE, List.of(record(GONE, 10), record(GONE, 11)), KEPT, List.of(record(KEPT, 10))), Map.of());
    }

    private static ConsumerRecord<Object, Object> record(TopicPartition partition, long offset) {
        return new ConsumerRecord<>(partition.topic(), partition.partition(), offset, "key", "value");
    }
}
