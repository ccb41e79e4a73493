// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
import io.quarkus.dev.console.DevConsoleManager;
import io.quarkus.test.QuarkusDevModeTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An application in dev mode that comes second; this test plays the first. */
class SharedBrokerDevModeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NAME = "test-" + UUID.randomUUID();
    private static final Broker BROKER = Broker.start(BrokerOptions.embedded());
    private static final SharedBroker FIRST = first();

    @RegisterExtension
    static final QuarkusDevModeTest dev = new QuarkusDevModeTest()
            .withApplicationRoot(jar -> jar.addClass(SharingApplication.class)
                    .addAsResource(
                            new StringAsset("quarkus.kaon.devservices.shared=true\n"
                                    + "quarkus.kaon.devservices.service-name=" + NAME + "\n"
                                    + "quarkus.kaon.broker.topics.names.partitions=3\n"
                                    + "mp.messaging.incoming.names.auto.offset.reset=earliest\n"),
                            "application.properties"));

    private static SharedBroker first() {
        SharedBroker first = new SharedBroker(SharedBroker.userFolder(), NAME, Duration.ofSeconds(30));
        first.join();
        first.register(BROKER.bootstrapServers());
        return first;
    }

    @AfterAll
    static void end() {
        BROKER.close();
        FIRST.close();
        System.clearProperty(SharingApplication.SEEN);
        System.clearProperty(SharingApplication.ADDRESS);
    }

    @Test
    void shouldUseTheBrokerOfTheFirstApplicationAndGoOnWithoutIt() throws Exception {
        // Given
        String address = BROKER.bootstrapServers();
        assertThat(System.getProperty(SharingApplication.ADDRESS)).isEqualTo(address);
        assertThat(partitions(address)).isEqualTo(3);
        send(address, "Ada");
        await().atMost(PATIENCE).until(() -> seen().contains("Ada"));

        // When
        BROKER.close();
        FIRST.close();
        dev.modifySourceFile(SharingApplication.class, source -> source + "\n");
        assertThat(DevConsoleManager.getHotReplacementContext().doScan(true)).isTrue();

        // Then
        assertThat(System.getProperty(SharingApplication.ADDRESS)).isEqualTo(address);
        assertThat(partitions(address)).isEqualTo(3);
        send(address, "Bob");
        await().atMost(PATIENCE).until(() -> seen().contains("Bob"));
    }

    private static List<String> seen() {
        return List.of(System.getProperty(SharingApplication.SEEN, "").trim().split(" "));
    }

    private static void send(String address, String name) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", address), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("names", name));
        }
    }

    private static int partitions(String address) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            return admin.describeTopics(List.of("names"))
                    .allTopicNames()
                    .get(30, TimeUnit.SECONDS)
                    .get("names")
                    .partitions()
                    .size();
        }
    }
}
