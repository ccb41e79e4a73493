// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Has records in its hands when it ends: one is acknowledged while the channel waits for it, one never. */
@Singleton
public class EndingApplication {
    static final String COMMITTED = "kaon.test.ending.committed";
    private static final int BEFORE_CHANNELS_END = 10;
    private static final int AFTER_CHANNELS_ENDED = 100;
    private static final int WORK_MS = 300;

    final Map<String, Message<String>> held = new ConcurrentHashMap<>();

    @Incoming("ending-in")
    CompletionStage<Void> take(Message<String> message) {
        held.put(message.getPayload(), message);
        return CompletableFuture.completedFuture(null);
    }

    void onEnd(@Observes @Priority(BEFORE_CHANNELS_END) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        CompletableFuture.delayedExecutor(WORK_MS, TimeUnit.MILLISECONDS)
                .execute(() -> held.get("late").ack());
    }

    void onEnded(@Observes @Priority(AFTER_CHANNELS_ENDED) @BeforeDestroyed(ApplicationScoped.class) Object event)
            throws Exception {
        String servers = ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            long offset = admin.listConsumerGroupOffsets("ending")
                    .partitionsToOffsetAndMetadata()
                    .get(20, TimeUnit.SECONDS)
                    .get(new TopicPartition("ending", 0))
                    .offset();
            System.setProperty(COMMITTED, Long.toString(offset));
        }
    }
}
