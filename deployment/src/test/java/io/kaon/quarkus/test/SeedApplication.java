// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Reads what the configuration has put into a topic; says so by a system property, which outlives a reload. */
@ApplicationScoped
public class SeedApplication {
    static final String SEEN = "kaon.test.seeded";

    private final List<String> seen = new CopyOnWriteArrayList<>();

    List<String> seen() {
        return List.copyOf(seen);
    }

    @Incoming("prices")
    void take(Record<String, String> price) {
        seen.add(price.key() + "=" + price.value());
        System.setProperty(SEEN, System.getProperty(SEEN, "") + price.key() + "=" + price.value() + " ");
    }
}
