// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.QuarkusDevModeTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An application that ends and starts again, beside a broker that goes on. */
class RestartDevModeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Nothing is committed by time, so what is committed is so by the end of the application. */
    @RegisterExtension
    static final QuarkusDevModeTest dev = new QuarkusDevModeTest()
            .withApplicationRoot(jar -> jar.addClass(RestartApplication.class)
                    .addAsResource(
                            new StringAsset(
                                    """
                                    mp.messaging.incoming.jobs.auto.offset.reset=earliest
                                    mp.messaging.incoming.jobs.auto.commit.interval.ms=3600000
                                    """),
                            "application.properties"));

    @Test
    void shouldGetAgainWhatWasNotAcknowledgedAndNothingBeforeIt() {
        // Given
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", System.getProperty(RestartApplication.ADDRESS)),
                new StringSerializer(),
                new StringSerializer())) {
            for (String job : List.of("done 0", "done 1", "kept 2", "done 3")) {
                producer.send(new ProducerRecord<>("jobs", job));
            }
            await().atMost(PATIENCE).until(() -> RestartApplication.seen().contains("first done 3"));

            // When
            dev.modifySourceFile(RestartApplication.class, source -> source.replace("\"first\"", "\"second\""));
            await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).until(() -> {
                producer.send(new ProducerRecord<>("jobs", "later"));
                return RestartApplication.seen().contains("second later");
            });
        }

        // Then
        assertThat(RestartApplication.seen())
                .containsSubsequence("second kept 2", "second done 3", "second later")
                .doesNotContain("second done 0", "second done 1");
    }

    @AfterEach
    void forget() {
        System.getProperties().remove(RestartApplication.SEEN);
        System.clearProperty(RestartApplication.ADDRESS);
    }
}
