// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.quarkus.connector.client.AbstractEmbeddedClientsTest;
import io.kaon.quarkus.connector.client.Deadline;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rebalance listener that fails: records wait until it succeeds, and the group does not wait for it. */
class FailingListenerTest extends AbstractEmbeddedClientsTest {
    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldReadNothingUntilListenerHasSucceeded(String protocol) throws Exception {
        // Given
        String topic = "unlistened-" + protocol;
        send(topic, "a");
        EmbeddedConsumer<String, String> consumer = consumer(topic, Map.of("group.protocol", protocol));
        Failing listener = new Failing(2, 0);
        consumer.subscribe(List.of(topic), listener);

        // When
        List<String> read = new ArrayList<>();
        pollUntil(() -> !read.isEmpty(), consumer, read);

        // Then
        assertThat(read).containsExactly("a");
        assertThat(listener.assigned).containsExactly(List.of(new TopicPartition(topic, 0)), List.of(), List.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.apache.kafka.clients.consumer.RangeAssignor",
                "org.apache.kafka.clients.consumer.CooperativeStickyAssignor"
            })
    void shouldGivePartitionsUpAlthoughListenerFails(String assignor) {
        // Given
        Map<String, Object> settings = Map.of("partition.assignment.strategy", assignor);
        EmbeddedConsumer<String, String> first = consumer(assignor, settings);
        EmbeddedConsumer<String, String> second = consumer(assignor, settings);
        Failing listener = new Failing(0, Integer.MAX_VALUE);
        first.subscribe(List.of("pair"), listener);
        List<String> read = new ArrayList<>();
        pollUntil(() -> first.assignment().size() == 2, first, read);

        // When
        second.subscribe(List.of("pair"));

        // Then
        pollUntil(
                () -> {
                    second.poll(STEP);
                    return first.assignment().size() == 1 && second.assignment().size() == 1;
                },
                first,
                read);
        assertThat(listener.revoked).isNotEmpty();
        assertThatThrownBy(first::unsubscribe).isInstanceOf(IllegalStateException.class);
        assertThat(first.assignment()).isEmpty();
    }

    private static void pollUntil(
            BooleanSupplier condition, EmbeddedConsumer<String, String> consumer, List<String> read) {
        Deadline deadline = Deadline.inMs(TimeUnit.SECONDS.toMillis(PATIENCE_S));
        while (!condition.getAsBoolean()) {
            assertThat(deadline.hasPassed()).as("it took too long").isFalse();
            try {
                for (ConsumerRecord<String, String> record : consumer.poll(STEP)) {
                    read.add(record.value());
                }
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("injected");
            }
        }
    }

    /** Fails so many times, and notes what it was told. */
    private static final class Failing implements ConsumerRebalanceListener {
        final List<List<TopicPartition>> assigned = new ArrayList<>();
        final List<Collection<TopicPartition>> revoked = new ArrayList<>();
        private final int assignedFailures;
        private final int revokedFailures;

        Failing(int assignedFailures, int revokedFailures) {
            this.assignedFailures = assignedFailures;
            this.revokedFailures = revokedFailures;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            assigned.add(List.copyOf(partitions));
            failIf(assigned.size() <= assignedFailures);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            revoked.add(List.copyOf(partitions));
            failIf(revoked.size() <= revokedFailures);
        }

        private static void failIf(boolean isDue) {
            if (isDue) {
                throw new IllegalStateException("injected");
            }
        }
    }
}
