// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.broker.Broker;
import io.quarkus.test.QuarkusUnitTest;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BrokerExtensionTest {
    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withEmptyApplication()
            .overrideConfigKey("quarkus.kaon.broker.topics.\"made.at.start\".partitions", "3")
            .overrideConfigKey("quarkus.kaon.broker.topics.\"made.at.start\".config.\"retention.ms\"", "60000")
            .overrideConfigKey("quarkus.kaon.broker.config.\"num.partitions\"", "2");

    @Inject
    Broker broker;

    @Test
    void shouldListenAtThePublishedAddress() {
        assertThat(broker.bootstrapServers()).isEqualTo(published());
        assertThat(published()).startsWith("localhost:").doesNotEndWith(":0");
    }

    @Test
    void shouldMakeConfiguredTopics() throws Exception {
        // When
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", published()))) {
            TopicDescription topic = admin.describeTopics(java.util.List.of("made.at.start"))
                    .allTopicNames()
                    .get(10, TimeUnit.SECONDS)
                    .get("made.at.start");

            // Then
            assertThat(topic.partitions()).hasSize(3);
        }
    }

    private static String published() {
        return ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
    }
}
