// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.QuarkusDevModeTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Dev mode: the application is edited while clients outside go on with the same broker. */
class BrokerDevModeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final QuarkusDevModeTest dev = new QuarkusDevModeTest()
            .withApplicationRoot(jar -> jar.addClass(DevApplication.class)
                    .addAsResource(
                            new StringAsset("mp.messaging.incoming.names.auto.offset.reset=earliest"),
                            "application.properties"));

    @Test
    void shouldKeepTopicsOffsetsAndPortOverReload() {
        // Given
        String address = addresses().get(0);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", address), new StringSerializer(), new StringSerializer());
                KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", address, "group.id", "watcher", "auto.offset.reset", "earliest"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            consumer.subscribe(List.of("greetings"));
            List<String> seen = new ArrayList<>();
            producer.send(new ProducerRecord<>("names", "Ada"));
            await().atMost(PATIENCE).until(() -> poll(consumer, seen).contains("Hello Ada"));

            // When
            dev.modifySourceFile(DevApplication.class, source -> source.replace("\"Hello \"", "\"Good day \""));
            await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).until(() -> {
                producer.send(new ProducerRecord<>("names", "Bob"));
                return poll(consumer, seen).contains("Good day Bob");
            });

            // Then
            assertThat(addresses()).hasSizeGreaterThan(1).containsOnly(address);
            assertThat(seen)
                    .as("what was read before the reload is not read again")
                    .doesNotContain("Good day Ada");
            assertThat(seen).filteredOn("Hello Ada"::equals).hasSize(1);
        }
    }

    @Test
    void shouldRebuildBrokerAtTheSameAddressWhenItsSettingsChange() {
        // Given
        String address = addresses().get(0);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", address), new StringSerializer(), new StringSerializer());
                Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            producer.send(new ProducerRecord<>("names", "Ada"));

            // When
            dev.modifyResourceFile(
                    "application.properties",
                    settings -> settings + "\nquarkus.kaon.broker.topics.\"added\".partitions=3\n");

            // Then
            await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).until(() -> {
                producer.send(new ProducerRecord<>("names", "Bob"));
                return admin.listTopics().names().get(10, TimeUnit.SECONDS).contains("added");
            });
            await().atMost(PATIENCE).until(() -> addresses().size() > 1);
            assertThat(addresses()).containsOnly(address);
        }
    }

    @AfterEach
    void forgetAddresses() {
        System.clearProperty(DevApplication.ADDRESSES);
    }

    private static List<String> poll(KafkaConsumer<String, String> consumer, List<String> seen) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
            seen.add(record.value());
        }
        return seen;
    }

    private static List<String> addresses() {
        return List.of(System.getProperty(DevApplication.ADDRESSES, "").trim().split(" "));
    }
}
