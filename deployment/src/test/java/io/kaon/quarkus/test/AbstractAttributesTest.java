// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kaon.quarkus.test.AttributesApplication.Event;
import io.kaon.quarkus.test.AttributesApplication.Fruit;
import io.smallrye.reactive.messaging.ce.OutgoingCloudEventMetadata;
import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.junit.jupiter.api.Test;

/** What attributes do, on whatever way the subclass takes: seen from outside the application where that is possible. */
abstract class AbstractAttributesTest {
    static final String CONFIG =
            """
            quarkus.application.name=attributes
            quarkus.log.category."org.apache.kafka".level=WARN
            quarkus.kaon.broker.topics."fixed".partitions=3
            quarkus.kaon.broker.topics."shared".partitions=3
            mp.messaging.outgoing."dotted.out".topic=an_odd.topic-NAME_1
            mp.messaging.incoming."dotted.in".topic=an_odd.topic-NAME_1
            mp.messaging.incoming."dotted.in".auto.offset.reset=earliest
            mp.messaging.outgoing.keys-out.topic=keys
            mp.messaging.incoming.keys-in.topic=keys
            mp.messaging.incoming.keys-in.auto.offset.reset=earliest
            mp.messaging.outgoing.propagated-out.topic=propagated
            mp.messaging.outgoing.propagated-out.propagate-record-key=true
            mp.messaging.outgoing.propagated-out.propagate-headers=colour,shape
            mp.messaging.outgoing.fixed-out.topic=fixed
            mp.messaging.outgoing.fixed-out.key=always
            mp.messaging.outgoing.fixed-out.partition=2
            mp.messaging.incoming.routes-in.topic=routes
            mp.messaging.incoming.routes-in.auto.offset.reset=earliest
            mp.messaging.outgoing.routes-out.topic=unrouted
            mp.messaging.outgoing.binary-out.topic=events
            mp.messaging.outgoing.structured-out.topic=structured
            mp.messaging.outgoing.structured-out.cloud-events-mode=structured
            mp.messaging.incoming.structured-in.topic=structured
            mp.messaging.incoming.structured-in.auto.offset.reset=earliest
            mp.messaging.outgoing.defaulted-out.topic=events
            mp.messaging.outgoing.defaulted-out.cloud-events-source=/defaulted
            mp.messaging.outgoing.defaulted-out.cloud-events-type=defaulted
            mp.messaging.outgoing.defaulted-out.cloud-events-subject=everything
            mp.messaging.incoming.events-in.topic=events
            mp.messaging.incoming.events-in.kafka-configuration=house-rules
            mp.messaging.incoming.events-in.max.poll.records=33
            mp.messaging.outgoing.baskets-out.topic=baskets
            mp.messaging.incoming.baskets-in.topic=baskets
            mp.messaging.incoming.baskets-in.auto.offset.reset=earliest
            mp.messaging.outgoing.shared-out.topic=shared
            mp.messaging.incoming.shared-in.topic=shared
            mp.messaging.incoming.shared-in.concurrency=3
            mp.messaging.incoming.shared-in.auto.offset.reset=earliest
            mp.messaging.outgoing.own-reader-out.topic=own-reader
            mp.messaging.incoming.own-reader-in.topic=own-reader
            kafka.max.poll.records=11
            kafka.fetch.max.wait.ms=111
            kafka.max.partition.fetch.bytes=111111
            """;

    static final Class<?>[] CLASSES = {AttributesApplication.class, AbstractAttributesTest.class};

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    AttributesApplication application;

    @Test
    void shouldKnowChannelsWithDotsAndTopicsWithOddNames() {
        // When
        application.dotted.send("there");

        // Then
        assertThat(readUntil("an_odd.topic-NAME_1", 1))
                .extracting(ConsumerRecord::value)
                .contains("there");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(application.fromDotted).contains("there"));
    }

    @Test
    void shouldPropagateKeyAndNamedHeaders() throws Exception {
        // Given
        ProducerRecord<String, String> record = new ProducerRecord<>("keys", "the key", "once");
        record.headers()
                .add("colour", bytes("red"))
                .add("shape", bytes("round"))
                .add("secret", bytes("not for others"));

        // When
        send(record);

        // Then
        ConsumerRecord<String, String> propagated = readUntil("propagated", 1).get(0);
        assertThat(propagated.key()).isEqualTo("the key");
        assertThat(propagated.value()).isEqualTo("once again");
        assertThat(headers(propagated))
                .containsEntry("colour", "red")
                .containsEntry("shape", "round")
                .doesNotContainKey("secret");
    }

    @Test
    void shouldUseKeyAndPartitionOfChannel() {
        // When
        application.fixed.sendAndAwait("one");

        // Then
        ConsumerRecord<String, String> record = readUntil("fixed", 1).get(0);
        assertThat(record.key()).isEqualTo("always");
        assertThat(record.partition()).isEqualTo(2);
    }

    @Test
    void shouldSendToTopicThatMetadataNames() throws Exception {
        // When
        send(new ProducerRecord<>("routes", "north"));

        // Then
        ConsumerRecord<String, String> routed = readUntil("routed.north", 1).get(0);
        assertThat(routed.key()).isEqualTo("routed");
        assertThat(routed.value()).isEqualTo("north");
    }

    @Test
    void shouldWriteAndReadBinaryCloudEvents() {
        // When
        application.binary.send(event("b-1", "/binary", new Fruit("plum")));

        // Then
        ConsumerRecord<String, String> record = event("ce_id", "b-1");
        assertThat(record.value()).isEqualTo("{\"name\":\"plum\"}");
        assertThat(headers(record))
                .containsEntry("ce_type", "fruit")
                .containsEntry("ce_source", "/binary")
                .containsEntry("ce_specversion", "1.0")
                .containsKey("ce_time");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(application.events)
                .contains(new Event("b-1", "/binary", "fruit", "plums", "{\"name\":\"plum\"}")));
    }

    @Test
    void shouldWriteAndReadStructuredCloudEvents() throws Exception {
        // When
        application.structured.send(event("s-1", "/structured", new Fruit("fig")));

        // Then
        ConsumerRecord<String, String> record = readUntil("structured", 1).get(0);
        assertThat(headers(record).get("content-type")).startsWith("application/cloudevents+json");
        JsonNode json = new ObjectMapper().readTree(record.value());
        assertThat(json.get("source").asText()).isEqualTo("/structured");
        assertThat(json.get("data").get("name").asText()).isEqualTo("fig");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(application.events)
                .contains(new Event("s-1", "/structured", "fruit", "plums", "{\"name\":\"fig\"}")));
    }

    @Test
    void shouldMakeCloudEventsOfPlainPayloads() {
        // When
        application.defaulted.send("nothing but text");

        // Then
        ConsumerRecord<String, String> record = event("ce_source", "/defaulted");
        assertThat(record.value()).isEqualTo("nothing but text");
        assertThat(headers(record))
                .containsEntry("ce_type", "defaulted")
                .containsEntry("ce_subject", "everything")
                .containsKey("ce_id");
    }

    @Test
    void shouldReadAndWriteTypesWithArguments() {
        // When
        application.baskets.send(Map.of("mine", new Fruit("pear")));

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(application.basketsIn).contains(Map.of("mine", new Fruit("pear"))));
    }

    @Test
    void shouldFindReadersOfEachCopyOfChannel() {
        // When
        IntStream.range(0, 30).forEach(number -> application.shared.send(Record.of(number, number)));

        // Then
        Set<Integer> all = IntStream.range(0, 30).boxed().collect(Collectors.toSet());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(application.sharedIn).isEqualTo(all));
    }

    /** Channel, connector, the bean that the channel names, then the settings of all channels; at last a customizer. */
    @Test
    void shouldOrderSettingsAsSmallRyeDoes() {
        // When
        Map<String, ?> settings = application.clients.getConsumer("events-in").configuration();

        // Then
        assertThat(text(settings, "max.poll.records")).isEqualTo("33");
        assertThat(text(settings, "fetch.max.wait.ms")).isEqualTo("222");
        assertThat(text(settings, "max.partition.fetch.bytes")).isEqualTo("111111");
        assertThat(text(settings, "session.timeout.ms")).isEqualTo("44444");
        assertThat(text(settings, "group.id")).isEqualTo("attributes");
    }

    @Test
    void shouldPreferReaderOfNamedSettings() {
        // When
        application.ownReaderOut.send("this");

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(application.words)
                .extracting(AttributesApplication.Word::text)
                .contains("read: this"));
    }

    private static Message<Fruit> event(String id, String source, Fruit fruit) {
        return Message.of(
                fruit,
                Metadata.of(OutgoingCloudEventMetadata.builder()
                        .withId(id)
                        .withSource(URI.create(source))
                        .withType("fruit")
                        .withSubject("plums")
                        .build()));
    }

    private static ConsumerRecord<String, String> event(String header, String value) {
        return readUntil("events", found -> found.stream()
                        .anyMatch(record -> value.equals(headers(record).get(header))))
                .stream()
                .filter(record -> value.equals(headers(record).get(header)))
                .findFirst()
                .orElseThrow();
    }

    private static String text(Map<String, ?> settings, String name) {
        return String.valueOf(settings.get(name));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, String> headers(ConsumerRecord<?, ?> record) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
        }
        return headers;
    }

    private static void send(ProducerRecord<String, String> record) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers()), new StringSerializer(), new StringSerializer())) {
            producer.send(record).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static List<ConsumerRecord<String, String>> readUntil(String topic, int count) {
        return readUntil(topic, found -> found.size() >= count);
    }

    private static List<ConsumerRecord<String, String>> readUntil(
            String topic, Predicate<List<ConsumerRecord<String, String>>> enough) {
        List<ConsumerRecord<String, String>> read = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers()), new StringDeserializer(), new StringDeserializer())) {
            await().atMost(PATIENCE).until(() -> consumer.listTopics().containsKey(topic));
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(read::add);
                return enough.test(read);
            });
        }
        return read;
    }

    private static String bootstrapServers() {
        return ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
    }
}
