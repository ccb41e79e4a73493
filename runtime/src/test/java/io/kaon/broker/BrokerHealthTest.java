// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.broker.BrokerHealth.Replicas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerHealthTest {
    private static final OptionalInt CONTROLLER = OptionalInt.of(0);
    private static final Replicas WELL = new Replicas(0, 0, 0);

    @Test
    void shouldFindNothingWrongWithABrokerThatHasJustStarted() {
        // Given
        try (Broker broker =
                Broker.start(BrokerOptions.embedded().withTopics(Map.of("orders", new TopicSpec(3, Map.of()))))) {
            // When
            BrokerHealth health = broker.health();

            // Then
            assertThat(health.whyNotAlive()).isEmpty();
            assertThat(health.whyNotReady()).isEmpty();
            assertThat(health.controllerId()).hasValue(0);
        }
    }

    @Test
    void shouldNotLiveNorBeReadyAfterItsEnd() {
        // Given
        Broker broker = Broker.start(BrokerOptions.embedded());
        broker.close();

        // When
        BrokerHealth health = broker.health();

        // Then
        assertThat(health.whyNotAlive()).containsExactly("the broker is closed");
        assertThat(health.whyNotReady()).contains("the listeners do not serve");
    }

    @Test
    void shouldNotLiveWithoutItsDataDirectory(@TempDir Path folder) throws IOException {
        // Given
        Path data = folder.resolve("data");
        try (Broker broker = Broker.start(BrokerOptions.embedded().withData(DataDirectory.at(data)))) {
            Files.move(data, folder.resolve("moved"));

            // When
            BrokerHealth health = broker.health();

            // Then
            assertThat(health.whyNotAlive()).containsExactly("the data directory is gone or cannot be written");
            Files.move(folder.resolve("moved"), data);
        }
    }

    @Test
    void shouldBearABriefSilenceOfAnEventLoop() {
        // When
        BrokerHealth health = new BrokerHealth(true, BrokerHealth.MAX_LOOP_SILENCE_MS, true, true, CONTROLLER, WELL);

        // Then
        assertThat(health.whyNotAlive()).isEmpty();
    }

    @Test
    void shouldNotLiveWhenAnEventLoopIsBlocked() {
        // When
        BrokerHealth health =
                new BrokerHealth(true, BrokerHealth.MAX_LOOP_SILENCE_MS + 1, true, true, CONTROLLER, WELL);

        // Then
        assertThat(health.whyNotAlive()).singleElement().asString().startsWith("an event loop does not run");
    }

    @Test
    void shouldNotLiveWhenMetadataCannotBeChanged() {
        // When
        BrokerHealth health = new BrokerHealth(true, 0, true, false, CONTROLLER, WELL);

        // Then
        assertThat(health.whyNotAlive()).singleElement().asString().startsWith("the metadata journal has failed");
    }

    @Test
    void shouldNotBeReadyWithReplicasThatAreBehindOrOffline() {
        // When
        BrokerHealth health = new BrokerHealth(true, 0, true, true, CONTROLLER, new Replicas(2, 1, 7));

        // Then
        assertThat(health.whyNotReady())
                .containsExactly(
                        "2 replicas of this broker are not in sync",
                        "1 partitions are offline: their files cannot be used; the log says why");
        assertThat(health.whyNotAlive()).isEmpty();
    }

    @Test
    void shouldNotBeReadyWithoutAController() {
        // When
        BrokerHealth health = new BrokerHealth(true, 0, true, true, OptionalInt.empty(), WELL);

        // Then
        assertThat(health.whyNotReady()).containsExactly("no controller is known");
    }
}
