// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LatestStartTest {
    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);
    private static final TopicPartition EMPTY = new TopicPartition("empty", 0);

    private final String group = UUID.randomUUID().toString();
    private final MockConsumer<String, String> consumer = new MockConsumer<>("latest");

    @BeforeEach
    void assign() {
        consumer.assign(List.of(FIRST, SECOND, EMPTY));
        consumer.updateBeginningOffsets(Map.of(FIRST, 5L, SECOND, 0L, EMPTY, 7L));
        consumer.updateEndOffsets(Map.of(FIRST, 8L, SECOND, 2L, EMPTY, 7L));
    }

    @Test
    void shouldSayOnceWhatIsNotDeliveredAndWhatToSet() {
        // When
        Collection<String> first = LatestStart.look("orders-in", group, consumer, List.of(FIRST, SECOND, EMPTY));
        Collection<String> again = LatestStart.look("orders-in", group, consumer, List.of(FIRST, SECOND, EMPTY));

        // Then
        assertThat(first)
                .singleElement()
                .asString()
                .contains("'orders'", "the 5 records", "mp.messaging.incoming.orders-in.auto.offset.reset=earliest");
        assertThat(again).isEmpty();
    }

    @Test
    void shouldSayNothingOfGroupThatHasCommitted() {
        // Given
        consumer.commitSync(Map.of(FIRST, new OffsetAndMetadata(5), SECOND, new OffsetAndMetadata(0)));

        // When
        Collection<String> said = LatestStart.look("orders-in", group, consumer, List.of(FIRST, SECOND));

        // Then
        assertThat(said).isEmpty();
    }
}
