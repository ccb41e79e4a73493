// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.inject.Inject;
import java.time.Duration;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.junit.jupiter.api.Test;

/** What channels read: topics, patterns, partitions, places; whichever way the records go. */
abstract class AbstractConsumptionTest {
    static final Duration PATIENCE = Duration.ofSeconds(40);

    static final String CONFIG =
            """
            quarkus.log.category."org.apache.kafka".level=WARN
            quarkus.kaon.broker.topics.wide.partitions=4
            quarkus.kaon.broker.topics.split.partitions=4
            mp.messaging.incoming.all-places.topic=places
            mp.messaging.incoming.all-places.group.id=all-places
            mp.messaging.incoming.all-places.auto.offset.reset=earliest
            mp.messaging.incoming.middle.topic=places
            mp.messaging.incoming.middle.assign-seek=0:2
            mp.messaging.incoming.middle.group.id=middle
            mp.messaging.incoming.middle.auto.offset.reset=none
            mp.messaging.incoming.exact.topic=places
            mp.messaging.incoming.exact.group.id=exact
            mp.messaging.incoming.exact.auto.offset.reset=none
            mp.messaging.incoming.exact.consumer-rebalance-listener.name=to-three
            mp.messaging.incoming.nowhere-to-begin.topic=places
            mp.messaging.incoming.nowhere-to-begin.group.id=nowhere-to-begin
            mp.messaging.incoming.nowhere-to-begin.auto.offset.reset=none
            mp.messaging.incoming.nowhere-to-begin.retry=false
            mp.messaging.outgoing.anything-out.topic=nowhere
            mp.messaging.incoming.several-topics.topics=north,south
            mp.messaging.incoming.several-topics.group.id=several
            mp.messaging.incoming.several-topics.auto.offset.reset=earliest
            mp.messaging.incoming.by-pattern.topic=season-.*
            mp.messaging.incoming.by-pattern.pattern=true
            mp.messaging.incoming.by-pattern.group.id=pattern
            mp.messaging.incoming.by-pattern.auto.offset.reset=earliest
            mp.messaging.incoming.by-pattern.metadata.max.age.ms=500
            mp.messaging.incoming.sought.topic=wide
            mp.messaging.incoming.sought.assign-seek=1:0,3:-1
            mp.messaging.incoming.sought.group.id=sought
            mp.messaging.incoming.rewound.topic=rewound
            mp.messaging.incoming.rewound.group.id=rewound
            mp.messaging.incoming.rewound.auto.offset.reset=latest
            mp.messaging.incoming.rewound.consumer-rebalance-listener.name=rewind
            mp.messaging.incoming.modern.topic=modern
            mp.messaging.incoming.modern.group.id=modern
            mp.messaging.incoming.modern.group.protocol=consumer
            mp.messaging.incoming.modern.auto.offset.reset=by_duration:PT1H
            mp.messaging.incoming.modern.enable.auto.commit=true
            mp.messaging.incoming.concurrent.topic=split
            mp.messaging.incoming.concurrent.group.id=concurrent
            mp.messaging.incoming.concurrent.concurrency=2
            mp.messaging.incoming.concurrent.auto.offset.reset=earliest
            """;

    @Inject
    ConsumptionApplication app;

    @Inject
    @Identifier("rewind")
    ConsumptionApplication.Rewind rewind;

    private void send(String topic, int partition, String value) {
        app.out.send(Message.of(
                value,
                Metadata.of(OutgoingKafkaRecordMetadata.<Object>builder()
                        .withTopic(topic)
                        .withPartition(partition)
                        .build())));
    }

    private void awaitReceived(String channel, String... values) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(app.received(channel)).containsExactlyInAnyOrder(values));
    }

    @Test
    void shouldReadSeveralTopics() {
        send("north", 0, "snow");
        send("south", 0, "sand");
        awaitReceived("several-topics", "snow", "sand");
    }

    @Test
    void shouldReadTopicsThatMatchPatternAlsoLaterOnes() {
        send("season-spring", 0, "rain");
        awaitReceived("by-pattern", "rain");
        send("season-summer", 0, "sun");
        awaitReceived("by-pattern", "rain", "sun");
    }

    @Test
    void shouldReadAssignedPartitions() {
        // When
        for (int partition = 0; partition < 4; partition++) {
            for (int number = 0; number < 3; number++) {
                send("wide", partition, partition + "/" + number);
            }
        }

        // Then
        awaitReceived("sought", "1/0", "1/1", "1/2", "3/0", "3/1", "3/2");
    }

    @Test
    void shouldReadAllPartitionsWithTwoMembersOfOneChannel() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (int partition = 0; partition < 4; partition++) {
                send("split", partition, "one more");
            }
            assertThat(app.members).hasSize(4);
        });
    }

    @Test
    void shouldBeginInTheMiddle() {
        // Given
        for (int number = 0; number < 5; number++) {
            send("places", 0, "place " + number);
        }
        await().atMost(PATIENCE).until(() -> app.received("all-places").size() == 5);

        // When
        app.middle.subscribe().with(app.received("middle")::add);
        app.exact.subscribe().with(app.received("exact")::add);
        app.nowhereToBegin.subscribe().with(app.received("nowhere-to-begin")::add, app.failures::add);

        // Then
        awaitReceived("middle", "place 2", "place 3", "place 4");
        awaitReceived("exact", "place 3", "place 4");
        await().atMost(PATIENCE).until(() -> !app.failures.isEmpty());
        assertThat(app.failures.peek()).isInstanceOf(NoOffsetForPartitionException.class);
        assertThat(app.received("nowhere-to-begin")).isEmpty();
    }

    @Test
    void shouldLetListenerSeekOnThreadThatPolls() {
        send("rewound", 0, "a");
        send("rewound", 0, "b");
        send("rewound", 0, "c");
        awaitReceived("rewound", "a", "b", "c");
        assertThat(rewind.threads).allMatch(thread -> thread.startsWith("smallrye-kafka-consumer-thread"));
    }

    @Test
    void shouldReadAsMemberWhoseCoordinatorAssigns() {
        send("modern", 0, "new");
        awaitReceived("modern", "new");
    }
}
