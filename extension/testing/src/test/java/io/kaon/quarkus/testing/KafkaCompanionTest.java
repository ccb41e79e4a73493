// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.kafka.InjectKafkaCompanion;
import io.quarkus.test.kafka.KafkaCompanionResource;
import io.smallrye.reactive.messaging.kafka.companion.ConsumerTask;
import io.smallrye.reactive.messaging.kafka.companion.KafkaCompanion;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Quarkus' own companion finds the broker of the application. */
@QuarkusTest
@QuarkusTestResource(KafkaCompanionResource.class)
class KafkaCompanionTest {
    @InjectKafkaCompanion
    KafkaCompanion companion;

    @Test
    void shouldProduceAndConsumeThroughTheApplication() {
        // When
        companion.topics().createAndWait("companion", 2);
        companion
                .produceStrings()
                .fromRecords(new ProducerRecord<>("orders", "companion's"))
                .awaitCompletion();

        // Then
        ConsumerTask<String, String> receipts =
                companion.consumeStrings().fromTopics("receipts", 1).awaitCompletion();
        assertThat(receipts.getFirstRecord().value()).startsWith("receipt of ");
        assertThat(companion.topics().list()).contains("companion", "orders", "receipts");
    }
}
