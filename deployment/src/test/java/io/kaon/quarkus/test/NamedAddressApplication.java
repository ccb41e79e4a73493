// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.MutinyEmitter;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** No setting has an address: beans do. */
@Singleton
public class NamedAddressApplication {
    @Inject
    @Channel("named-out")
    MutinyEmitter<String> out;

    final List<String> received = new CopyOnWriteArrayList<>();

    @Incoming("named-in")
    void receive(String word) {
        received.add(word);
    }

    @Incoming("off")
    void never(String word) {
        throw new AssertionError(word);
    }

    /** Beans of their own: channels ask for them before the application has its emitters. */
    @Singleton
    public static class Settings {
        @ConfigProperty(name = "address.of.the.house")
        String address;

        @Produces
        @Singleton
        @Identifier("house")
        Map<String, Object> house() {
            return Map.of("bootstrap.servers", address);
        }

        /** Has the name of its channel, so that nobody mentions it. */
        @Produces
        @Singleton
        @Identifier("named-in")
        Map<String, Object> ofChannel() {
            return Map.of("bootstrap.servers", address, "auto.offset.reset", "earliest", "metric.reporters", "");
        }
    }
}
