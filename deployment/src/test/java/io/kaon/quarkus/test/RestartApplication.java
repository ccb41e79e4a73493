// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Acknowledges all but what it is told to keep, and leaves what it got where the test finds it after a restart. */
@Singleton
public class RestartApplication {
    static final String SEEN = "kaon.test.restart.seen";
    static final String ADDRESS = "kaon.test.restart.address";
    private static final String VERSION = "first";

    void onStart(@Observes StartupEvent event) {
        System.setProperty(ADDRESS, ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class));
    }

    @Incoming("jobs")
    CompletionStage<Void> take(Message<String> job) {
        seen().add(VERSION + " " + job.getPayload());
        return job.getPayload().startsWith("kept") ? CompletableFuture.completedFuture(null) : job.ack();
    }

    /** Properties hold objects, too. */
    @SuppressWarnings("unchecked")
    static List<String> seen() {
        return (List<String>) System.getProperties().computeIfAbsent(SEEN, key -> new CopyOnWriteArrayList<String>());
    }
}
