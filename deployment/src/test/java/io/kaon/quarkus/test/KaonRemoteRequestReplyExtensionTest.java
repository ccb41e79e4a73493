// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
import io.kaon.broker.TopicSpec;
import io.quarkus.test.QuarkusUnitTest;
import io.smallrye.reactive.messaging.kafka.impl.ReactiveKafkaConsumer;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests and replies over TCP; the address is an attribute of the connector. */
class KaonRemoteRequestReplyExtensionTest extends AbstractRequestReplyTest {
    /** Lives in the class loader of the test, out of the application's reach. */
    private static final String ELSEWHERE = "kaon.test.elsewhere";

    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(jar -> jar.addClasses(RequestReplyApplication.class, AbstractRequestReplyTest.class)
                    .addAsResource(new StringAsset(CONFIG), "application.properties"))
            .overrideConfigKey("quarkus.kaon.broker.enabled", "false")
            .overrideConfigKey("mp.messaging.connector.kaon.bootstrap.servers", "${" + ELSEWHERE + "}")
            .setBeforeAllCustomizer(KaonRemoteRequestReplyExtensionTest::startElsewhere)
            .setAfterAllCustomizer(KaonRemoteRequestReplyExtensionTest::stopElsewhere);

    private static Broker elsewhere;

    private static void startElsewhere() {
        elsewhere = Broker.start(BrokerOptions.embedded()
                .withTopics(Map.of(
                        "replies-of-directed", new TopicSpec(3, Map.of()), "odd-replies", new TopicSpec(3, Map.of())))
                .withConfig(Map.of("group.initial.rebalance.delay.ms", "0")));
        System.setProperty(ELSEWHERE, elsewhere.bootstrapServers());
    }

    private static void stopElsewhere() {
        System.clearProperty(ELSEWHERE);
        elsewhere.close();
    }

    @Test
    void shouldUseKafkasOwnClientForAnotherBroker() {
        assertThat(((ReactiveKafkaConsumer<?, ?>) app.questions.getConsumer()).unwrap())
                .isInstanceOf(KafkaConsumer.class);
    }
}
