// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.testing;

import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A broker in the JVM of a {@code @QuarkusIntegrationTest}, used by the application in the other process instead of that
 * of the dev service: so that {@link io.kaon.testing.Faults} reach it. {@code @WithTestResource(KaonBrokerResource.class)};
 * what {@code initArgs} has are broker settings under Kafka's names.
 */
public final class KaonBrokerResource implements QuarkusTestResourceLifecycleManager {
    private static final AtomicReference<Broker> RUNNING = new AtomicReference<>();

    private Map<String, String> config = Map.of();

    /** The broker of this loader's resource, if it has been started. */
    static Optional<Broker> running() {
        return Optional.ofNullable(RUNNING.get());
    }

    @Override
    public void init(Map<String, String> initArgs) {
        config = initArgs;
    }

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = new HashMap<>();
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.putAll(config);
        Broker broker = Broker.start(BrokerOptions.embedded().withConfig(settings));
        RUNNING.set(broker);
        return Map.of("kafka.bootstrap.servers", broker.bootstrapServers(), "quarkus.kaon.broker.enabled", "false");
    }

    @Override
    public void stop() {
        Broker broker = RUNNING.getAndSet(null);
        if (broker != null) {
            ApplicationBroker.end(); // Its client would look for the broker for ever.
            broker.close();
        }
    }
}
