// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Says what it sees by system properties, which outlive a reload. */
@ApplicationScoped
public class SharingApplication {
    static final String SEEN = "kaon.test.shared.seen";
    static final String ADDRESS = "kaon.test.shared.address";

    void onStart(@Observes StartupEvent event) {
        System.setProperty(ADDRESS, ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class));
    }

    @Incoming("names")
    void take(String name) {
        System.setProperty(SEEN, System.getProperty(SEEN, "") + name + " ");
    }
}
