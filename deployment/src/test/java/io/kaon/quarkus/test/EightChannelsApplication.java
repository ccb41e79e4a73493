// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** Eight channels, each with a topic of its own, and all of them in the application's one group. */
@Singleton
public class EightChannelsApplication {
    static final int CHANNELS = 8;

    /** When each channel had its first record, after the application had started. */
    final Map<Integer, Duration> arrivals = new ConcurrentHashMap<>();

    private volatile long startedNs = System.nanoTime();

    void start(@Observes StartupEvent event) {
        startedNs = System.nanoTime();
    }

    @Outgoing("seed-out")
    Multi<Message<Integer>> seed() {
        return Multi.createFrom()
                .range(0, CHANNELS)
                .map(number -> Message.of(
                        number,
                        Metadata.of(OutgoingKafkaRecordMetadata.<Object>builder()
                                .withTopic("eighth-" + number)
                                .build())));
    }

    @Incoming("c0")
    @Incoming("c1")
    @Incoming("c2")
    @Incoming("c3")
    @Incoming("c4")
    @Incoming("c5")
    @Incoming("c6")
    @Incoming("c7")
    void take(int number) {
        arrivals.putIfAbsent(number, Duration.ofNanos(System.nanoTime() - startedNs));
    }
}
