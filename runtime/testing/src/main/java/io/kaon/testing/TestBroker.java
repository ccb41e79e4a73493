// SPDX-License-Identifier: Apache-2.0
package io.kaon.testing;

import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
import io.kaon.broker.TopicSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A broker of the test's JVM with the client that tests use. Any thread. */
final class TestBroker implements AutoCloseable {
    /** One for each set of options, for as long as the JVM runs. */
    private static final Map<BrokerOptions, TestBroker> SHARED = new ConcurrentHashMap<>();

    private final Broker broker;
    private final KaonClient client;
    private final Faults faults;
    private final Set<String> topics;

    private TestBroker(Broker broker) {
        this.broker = broker;
        this.client = KaonClient.connect(broker.bootstrapServers());
        this.faults = Faults.of(broker, client);
        this.topics = broker.options().topics().keySet();
    }

    static TestBroker start(BrokerOptions options) {
        return new TestBroker(Broker.start(options));
    }

    /** The one that all test classes with such options use; ends with the JVM. */
    static TestBroker shared(BrokerOptions options) {
        return SHARED.computeIfAbsent(options, key -> {
            TestBroker started = start(key);
            Runtime.getRuntime().addShutdownHook(new Thread(started::close, "kaon-test-end"));
            return started;
        });
    }

    /** Loopback, a free port, data that goes with it; groups do not wait for more members. */
    static BrokerOptions options(Map<String, TopicSpec> topics, Map<String, String> config) {
        Map<String, String> settings = new HashMap<>();
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.putAll(config);
        return BrokerOptions.embedded().withTopics(topics).withConfig(settings);
    }

    Broker broker() {
        return broker;
    }

    KaonClient client() {
        return client;
    }

    Faults faults() {
        return faults;
    }

    void reset(Reset reset) {
        client.reset(reset, topics);
    }

    @Override
    public void close() {
        faults.clear();
        client.close();
        broker.close();
    }
}
