// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.QuarkusUnitTest;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.OutgoingMessageMetadata;
import io.smallrye.reactive.messaging.ce.OutgoingCloudEventMetadata;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.Record;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;

/** What becomes of messages of each form. The subclasses say over which connector. */
abstract class AbstractOutgoingFormsTest {
    static final int PARTITIONS = 3;
    private static final String CONFIG =
            """
            quarkus.application.name=forms
            quarkus.log.category."org.apache.kafka".level=WARN
            quarkus.kaon.broker.topics.forms.partitions=3
            quarkus.kaon.broker.topics.forms-elsewhere.partitions=1
            quarkus.kaon.broker.topics.relay.partitions=1
            mp.messaging.outgoing.plain-out.topic=forms
            mp.messaging.outgoing.plain-out.interceptor-bean=marking
            mp.messaging.outgoing.record-out.topic=forms
            mp.messaging.outgoing.record-out.key.serializer=org.apache.kafka.common.serialization.StringSerializer
            mp.messaging.outgoing.record-out.value.serializer=org.apache.kafka.common.serialization.StringSerializer
            mp.messaging.outgoing.kafka-out.topic=forms
            mp.messaging.outgoing.kafka-out.value.serializer=org.apache.kafka.common.serialization.StringSerializer
            mp.messaging.outgoing.fixed-out.topic=forms
            mp.messaging.outgoing.fixed-out.key=same
            mp.messaging.outgoing.fixed-out.partition=2
            mp.messaging.outgoing.fixed-out.cloud-events-type=plum
            mp.messaging.outgoing.fixed-out.cloud-events-source=urn:orchard
            mp.messaging.outgoing.structured-out.topic=forms
            mp.messaging.outgoing.structured-out.cloud-events-mode=structured
            mp.messaging.outgoing.relay-source-out.topic=relay
            mp.messaging.outgoing.relay-source-out.value.serializer=org.apache.kafka.common.serialization.StringSerializer
            mp.messaging.incoming.relay-in.topic=relay
            mp.messaging.incoming.relay-in.group.id=relay
            mp.messaging.incoming.relay-in.auto.offset.reset=earliest
            mp.messaging.outgoing.relay-out.topic=forms
            mp.messaging.outgoing.relay-out.propagate-record-key=true
            mp.messaging.outgoing.relay-out.propagate-headers=colour, size
            mp.messaging.outgoing.picky-out.topic=forms
            mp.messaging.outgoing.picky-out.value.serializer=io.kaon.quarkus.test.OutgoingFormsApplication$PickySerializer
            mp.messaging.outgoing.picky-out.value-serialization-failure-handler=second-best
            mp.messaging.outgoing.refused-out.topic=forms
            mp.messaging.outgoing.refused-out.value.serializer=io.kaon.quarkus.test.OutgoingFormsApplication$PickySerializer
            mp.messaging.outgoing.one-out.topic=forms
            mp.messaging.outgoing.one-out.max-inflight-messages=1
            mp.messaging.outgoing.one-out.retries=0
            mp.messaging.outgoing.one-out.value.serializer=io.kaon.quarkus.test.OutgoingFormsApplication$PickySerializer
            mp.messaging.outgoing.tight-out.topic=forms
            mp.messaging.outgoing.tight-out.max.request.size=120
            mp.messaging.outgoing.tight-out.interceptor-bean=clumsy
            mp.messaging.incoming.all-in.topics=forms,forms-elsewhere
            mp.messaging.incoming.all-in.group.id=all
            mp.messaging.incoming.all-in.auto.offset.reset=earliest
            mp.messaging.incoming.all-in.cloud-events=false
            mp.messaging.incoming.all-in.value.deserializer=org.apache.kafka.common.serialization.StringDeserializer
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Inject
    OutgoingFormsApplication application;

    @Inject
    @Identifier("marking")
    OutgoingFormsApplication.Marking interceptor;

    @Inject
    @Identifier("clumsy")
    OutgoingFormsApplication.Clumsy clumsy;

    @Inject
    KafkaClientService clients;

    static QuarkusUnitTest application() {
        return new QuarkusUnitTest().withApplicationRoot(jar -> jar.addClasses(
                        OutgoingFormsApplication.class,
                        OutgoingFormsApplication.PickySerializer.class,
                        OutgoingFormsApplication.SecondBest.class,
                        OutgoingFormsApplication.Marking.class,
                        OutgoingFormsApplication.Clumsy.class,
                        AbstractOutgoingFormsTest.class,
                        Elsewhere.class)
                .addAsResource(new StringAsset(CONFIG), "application.properties"));
    }

    @Test
    void shouldSendPayloadsThroughInterceptor() throws Exception {
        // When
        application.plain.send("pear").toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        // Then
        ConsumerRecord<String, String> record = arrival("pear");
        assertThat(record.key()).isNull();
        assertThat(header(record, "marked")).isEqualTo("yes");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(interceptor.offsets).contains(record.offset()));
    }

    @Test
    void shouldSendKeysOfRecordsAndTombstones() {
        // When
        application.records.send(Record.of("k1", "quince"));
        application.records.send(Record.of("k2", null));

        // Then
        assertThat(arrival("quince").key()).isEqualTo("k1");
        await().atMost(PATIENCE).until(() -> application.arrived.stream()
                .anyMatch(record -> "k2".equals(record.key()) && record.value() == null));
    }

    @Test
    void shouldSendKafkasOwnRecordsAsTheyAre() {
        // When
        application.kafka.send(new ProducerRecord<>("forms-elsewhere", 0, 1_234_567L, "k", "medlar"));

        // Then
        ConsumerRecord<String, String> record = arrival("medlar");
        assertThat(record.topic()).isEqualTo("forms-elsewhere");
        assertThat(record.timestamp()).isEqualTo(1_234_567L);
        assertThat(record.key()).isEqualTo("k");
    }

    @Test
    void shouldDoWhatMetadataOfMessageSays() throws Exception {
        // Given
        OutgoingMessageMetadata<RecordMetadata> told = new OutgoingMessageMetadata<>();
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        Metadata metadata = Metadata.of(
                told,
                OutgoingKafkaRecordMetadata.<String>builder()
                        .withTopic("forms")
                        .withKey("told")
                        .withPartition(1)
                        .withTimestamp(Instant.ofEpochMilli(7_654_321L))
                        .addHeaders(new RecordHeader("colour", "green".getBytes(StandardCharsets.UTF_8)))
                        .build());

        // When
        application.plain.send(Message.of("gage", metadata, () -> {
            acknowledged.complete(null);
            return CompletableFuture.completedFuture(null);
        }));

        // Then
        acknowledged.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        ConsumerRecord<String, String> record = arrival("gage");
        assertThat(record.key()).isEqualTo("told");
        assertThat(record.partition()).isEqualTo(1);
        assertThat(record.timestamp()).isEqualTo(7_654_321L);
        assertThat(header(record, "colour")).isEqualTo("green");
        assertThat(told.getResult().offset()).isEqualTo(record.offset());
    }

    @Test
    void shouldSendToTopicThatMessageNames() {
        // When
        application.plain.send(Message.of(
                "sloe",
                Metadata.of(OutgoingKafkaRecordMetadata.builder()
                        .withTopic("forms-elsewhere")
                        .build())));

        // Then
        assertThat(arrival("sloe").topic()).isEqualTo("forms-elsewhere");
    }

    @Test
    void shouldTakeKeyPartitionAndCloudEventFromChannel() {
        // When
        application.fixed.send("plum");

        // Then
        ConsumerRecord<String, String> record = arrival("plum");
        assertThat(record.key()).isEqualTo("same");
        assertThat(record.partition()).isEqualTo(2);
        assertThat(header(record, "ce_type")).isEqualTo("plum");
        assertThat(header(record, "ce_source")).isEqualTo("urn:orchard");
    }

    @Test
    void shouldWriteStructuredCloudEvents() {
        // When
        application.structured.send(Message.of(
                "damson",
                Metadata.of(OutgoingCloudEventMetadata.builder()
                        .withId("17")
                        .withType("fruit")
                        .withSource(URI.create("urn:orchard"))
                        .build())));

        // Then
        await().atMost(PATIENCE).until(() -> application.arrived.stream()
                .anyMatch(record -> String.valueOf(record.value()).contains("damson")));
        ConsumerRecord<String, String> record = application.arrived.stream()
                .filter(one -> String.valueOf(one.value()).contains("damson"))
                .findFirst()
                .orElseThrow();
        JsonObject event = new JsonObject(record.value());
        assertThat(event.getString("id")).isEqualTo("17");
        assertThat(event.getString("type")).isEqualTo("fruit");
        assertThat(event.getString("data")).isEqualTo("damson");
        assertThat(header(record, "content-type")).startsWith("application/cloudevents");
    }

    @Test
    void shouldPropagateKeyAndHeaders() {
        // Given
        ProducerRecord<String, String> incoming = new ProducerRecord<>("relay", "kept", "cherry");
        incoming.headers()
                .add("colour", "red".getBytes(StandardCharsets.UTF_8))
                .add("other", "no".getBytes(StandardCharsets.UTF_8));

        // When
        application.relaySource.send(incoming);

        // Then
        ConsumerRecord<String, String> record = arrival("cherry, relayed");
        assertThat(record.key()).isEqualTo("kept");
        assertThat(header(record, "colour")).isEqualTo("red");
        assertThat(record.headers().lastHeader("other")).isNull();
    }

    @Test
    void shouldAskHandlerWhenPayloadCannotBeWritten() {
        // When
        application.picky.send("bad apple");

        // Then
        assertThat(arrival("second best").topic()).isEqualTo("forms");
    }

    @Test
    void shouldRefuseMessageThatCannotBeWrittenAndGoOn() throws Exception {
        // When
        CompletableFuture<Void> bad = application.refused.send("bad pear").toCompletableFuture();
        CompletableFuture<Void> good = application.refused.send("good pear").toCompletableFuture();

        // Then
        assertThatThrownBy(() -> bad.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .hasStackTraceContaining("too bad to be written");
        good.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(arrival("good pear").topic()).isEqualTo("forms");
    }

    @Test
    void shouldSettleOneMessageAfterTheOtherWhenOnlyOneMayBeInFlight() {
        // Given
        List<String> settled = new CopyOnWriteArrayList<>();
        List<String> values = List.of("one 0", "one 1", "bad 2", "one 3", "bad 4", "one 5");

        // When
        for (String value : values) {
            application.one.send(Message.of(value)
                    .withAck(() -> {
                        settled.add("+" + value);
                        return CompletableFuture.completedFuture(null);
                    })
                    .withNack(failure -> {
                        settled.add("-" + value);
                        return CompletableFuture.completedFuture(null);
                    }));
        }

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(settled)
                .containsExactly("+one 0", "+one 1", "-bad 2", "+one 3", "-bad 4", "+one 5"));
    }

    @Test
    void shouldTellInterceptorOfWhatIsTooLargeAndBearItsFailures() throws Exception {
        // When
        CompletableFuture<Void> small = application.tight.send("mirabelle").toCompletableFuture();
        CompletableFuture<Void> large = application.tight.send("x".repeat(500)).toCompletableFuture();

        // Then
        small.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThatThrownBy(() -> large.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .hasCauseInstanceOf(RecordTooLargeException.class);
        ConsumerRecord<String, String> record = arrival("mirabelle");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(clumsy.offsets()).containsExactlyInAnyOrder(record.offset(), -1L));
        assertThat(clumsy.settings()).containsKey("bootstrap.servers");
    }

    @Test
    void shouldGiveProducerOfChannel() {
        // When
        RecordMetadata metadata = clients.<String, String>getProducer("plain-out")
                .send(new ProducerRecord<>("forms", 0, "direct", "bullace"))
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(arrival("bullace").offset()).isEqualTo(metadata.offset());
        assertThat(clients.getProducerChannels()).contains("plain-out", "relay-out");
        assertThat(clients.<String, String>getProducer("plain-out")
                        .partitionsFor("forms")
                        .await()
                        .atMost(PATIENCE))
                .hasSize(PARTITIONS);
    }

    private ConsumerRecord<String, String> arrival(String value) {
        await().atMost(PATIENCE)
                .until(() -> application.arrived.stream().anyMatch(record -> value.equals(record.value())));
        return application.arrived.stream()
                .filter(record -> value.equals(record.value()))
                .findFirst()
                .orElseThrow();
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
