// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
import io.kaon.broker.TopicSpec;
import io.quarkus.test.QuarkusUnitTest;
import java.util.Map;

/** A broker in the class loader of the test, out of the application's reach: channels go to it over TCP. */
final class Elsewhere {
    private static final String ADDRESS = "kaon.test.elsewhere";

    private Broker broker;

    /** An application of the connector kaon whose channels go to a broker that is not its own. */
    static QuarkusUnitTest remote(QuarkusUnitTest application, Map<String, TopicSpec> topics) {
        return remote(application, topics, () -> {});
    }

    /**
     * The same, and something is looked at in the end.
     *
     * @param afterwards runs when the application and the broker have ended
     */
    static QuarkusUnitTest remote(QuarkusUnitTest application, Map<String, TopicSpec> topics, Runnable afterwards) {
        return start(application, topics, afterwards)
                .overrideConfigKey("quarkus.kaon.broker.enabled", "false")
                .overrideConfigKey("mp.messaging.connector.kaon.bootstrap.servers", "${" + ADDRESS + "}")
                .overrideConfigKey("kafka.bootstrap.servers", "${" + ADDRESS + "}");
    }

    /** The same broker, and it is the application's business how its channels find it: {@code kaon.test.elsewhere}. */
    static QuarkusUnitTest start(QuarkusUnitTest application, Map<String, TopicSpec> topics) {
        return start(application, topics, () -> {});
    }

    private static QuarkusUnitTest start(
            QuarkusUnitTest application, Map<String, TopicSpec> topics, Runnable afterwards) {
        Elsewhere elsewhere = new Elsewhere();
        return application.setBeforeAllCustomizer(() -> elsewhere.start(topics)).setAfterAllCustomizer(() -> {
            elsewhere.stop();
            afterwards.run();
        });
    }

    private void start(Map<String, TopicSpec> topics) {
        broker = Broker.start(BrokerOptions.embedded()
                .withTopics(topics)
                .withConfig(Map.of("group.initial.rebalance.delay.ms", "0")));
        System.setProperty(ADDRESS, broker.bootstrapServers());
    }

    private void stop() {
        System.clearProperty(ADDRESS);
        broker.close();
    }
}
