// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/**
 * Edited while it runs: the test replaces the greeting. Says where its broker is by a system property, start by start.
 */
@ApplicationScoped
public class DevApplication {
    static final String ADDRESSES = "kaon.test.addresses";

    void onStart(@Observes StartupEvent event) {
        String address = ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
        System.setProperty(ADDRESSES, System.getProperty(ADDRESSES, "") + address + " ");
    }

    @Incoming("names")
    @Outgoing("greetings")
    String greet(String name) {
        return "Hello " + name;
    }
}
