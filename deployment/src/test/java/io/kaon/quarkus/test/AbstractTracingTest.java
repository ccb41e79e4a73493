// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.quarkus.builder.Version;
import io.quarkus.maven.dependency.Dependency;
import io.quarkus.test.QuarkusUnitTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;

/** The spans that OpenTelemetry sees of an application with channels. The subclasses say over which connector. */
abstract class AbstractTracingTest {
    private static final String CONFIG =
            """
            quarkus.application.name=tracing
            quarkus.http.test-port=0
            quarkus.log.category."org.apache.kafka".level=WARN
            quarkus.otel.exporter.otlp.enabled=false
            mp.messaging.outgoing.orders-out.topic=orders
            mp.messaging.incoming.orders-in.topic=orders
            mp.messaging.incoming.orders-in.auto.offset.reset=earliest
            mp.messaging.outgoing.parcels-out.topic=parcels
            mp.messaging.incoming.parcels-in.topic=parcels
            mp.messaging.incoming.parcels-in.auto.offset.reset=earliest
            mp.messaging.outgoing.bulk-out.topic=bulk
            mp.messaging.incoming.bulk-in.topic=bulk
            mp.messaging.incoming.bulk-in.auto.offset.reset=earliest
            mp.messaging.outgoing.risky-out.topic=risky
            mp.messaging.incoming.risky-in.topic=risky
            mp.messaging.incoming.risky-in.auto.offset.reset=earliest
            mp.messaging.incoming.risky-in.failure-strategy=dead-letter-queue
            mp.messaging.incoming.risky-in.dead-letter-queue.topic=dead
            mp.messaging.incoming.dead-in.topic=dead
            mp.messaging.incoming.dead-in.auto.offset.reset=earliest
            mp.messaging.outgoing.quiet-out.topic=quiet
            mp.messaging.outgoing.quiet-out.tracing-enabled=false
            mp.messaging.incoming.quiet-in.topic=quiet
            mp.messaging.incoming.quiet-in.tracing-enabled=false
            mp.messaging.incoming.quiet-in.auto.offset.reset=earliest
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> GROUP = AttributeKey.stringKey("messaging.consumer.group.name");
    private static final AttributeKey<String> PARTITION = AttributeKey.stringKey("messaging.destination.partition.id");
    private static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");

    @Inject
    TracingApplication application;

    static QuarkusUnitTest application(String... extensions) {
        List<Dependency> dependencies = Stream.concat(Stream.of("quarkus-opentelemetry"), Stream.of(extensions))
                .map(extension -> Dependency.of("io.quarkus", extension, Version.getVersion()))
                .toList();
        return new QuarkusUnitTest().setForcedDependencies(dependencies).withApplicationRoot(jar -> jar.addClasses(
                        TracingApplication.class,
                        TracingApplication.Spans.class,
                        AbstractTracingTest.class,
                        Elsewhere.class)
                .addAsResource(new StringAsset(CONFIG), "application.properties"));
    }

    @Test
    void shouldKeepOneTraceFromEmitterThroughProcessorToTheEnd() {
        // When
        application.orders.send("pear");

        // Then
        await().atMost(PATIENCE).until(() -> application.parcels.contains("pear in a box"));
        SpanData sent = span(SpanKind.PRODUCER, "orders");
        SpanData received = span(SpanKind.CONSUMER, "orders");
        SpanData sentOn = span(SpanKind.PRODUCER, "parcels");
        SpanData receivedLast = span(SpanKind.CONSUMER, "parcels");
        assertThat(received.getParentSpanId()).isEqualTo(sent.getSpanId());
        assertThat(sentOn.getParentSpanId()).isEqualTo(received.getSpanId());
        assertThat(receivedLast.getParentSpanId()).isEqualTo(sentOn.getSpanId());
        assertThat(List.of(sent, received, sentOn, receivedLast))
                .extracting(SpanData::getTraceId)
                .containsOnly(sent.getTraceId());
    }

    @Test
    void shouldNameSystemTopicGroupPartitionAndOffset() {
        // When
        application.orders.send("plum");

        // Then
        await().atMost(PATIENCE).until(() -> application.parcels.contains("plum in a box"));
        SpanData sent = span(SpanKind.PRODUCER, "orders");
        SpanData received = span(SpanKind.CONSUMER, "orders");
        assertThat(sent.getName()).isEqualTo("orders publish");
        assertThat(sent.getAttributes().get(SYSTEM)).isEqualTo("kafka");
        assertThat(received.getName()).isEqualTo("orders receive");
        assertThat(received.getAttributes().get(SYSTEM)).isEqualTo("kafka");
        assertThat(received.getAttributes().get(GROUP)).isEqualTo("tracing");
        assertThat(received.getAttributes().get(PARTITION)).isEqualTo("0");
        assertThat(received.getAttributes().get(OFFSET)).isNotNegative();
    }

    @Test
    void shouldGiveEachRecordOfBatchASpanOfItsOwn() throws Exception {
        // When
        for (String word : List.of("a", "b", "c")) {
            application.bulk.send(word).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        // Then
        await().atMost(PATIENCE).until(() -> application.bulkIn.size() == 3);
        await().atMost(PATIENCE).until(() -> spans(SpanKind.CONSUMER, "bulk").size() == 3);
        assertThat(spans(SpanKind.CONSUMER, "bulk"))
                .extracting(SpanData::getParentSpanId)
                .containsExactlyInAnyOrderElementsOf(spans(SpanKind.PRODUCER, "bulk").stream()
                        .map(SpanData::getSpanId)
                        .toList());
    }

    @Test
    void shouldKeepTheTraceOfWhatGoesToTheDeadLetters() {
        // When
        application.risky.send("bad apple");

        // Then
        await().atMost(PATIENCE).until(() -> application.dead.contains("bad apple"));
        assertThat(span(SpanKind.CONSUMER, "dead").getTraceId())
                .isEqualTo(span(SpanKind.PRODUCER, "risky").getTraceId());
    }

    @Test
    void shouldMakeNoSpansWhereTracingIsOff() {
        // When
        application.quiet.send("hush");

        // Then
        await().atMost(PATIENCE).until(() -> application.quietIn.contains("hush"));
        assertThat(spans(SpanKind.PRODUCER, "quiet")).isEmpty();
        assertThat(spans(SpanKind.CONSUMER, "quiet")).isEmpty();
    }

    private static SpanData span(SpanKind kind, String topic) {
        await().atMost(PATIENCE).until(() -> !spans(kind, topic).isEmpty());
        return spans(kind, topic).get(0);
    }

    private static List<SpanData> spans(SpanKind kind, String topic) {
        return TracingApplication.Spans.KEPT.getFinishedSpanItems().stream()
                .filter(span -> span.getKind() == kind)
                .filter(span -> topic.equals(span.getAttributes().get(DESTINATION)))
                .toList();
    }
}
