// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.outgoing;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.TracerProvider;
import io.smallrye.reactive.messaging.kafka.tracing.KafkaOpenTelemetryInstrumenter;
import io.smallrye.reactive.messaging.kafka.tracing.KafkaTrace;
import io.smallrye.reactive.messaging.tracing.TracingUtils;
import jakarta.enterprise.inject.Instance;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Makes a span for each record that goes out and writes it into the record's headers. Any thread. */
public final class OutgoingTracer {
    private final KafkaOpenTelemetryInstrumenter instrumenter;
    private final String clientId;

    private OutgoingTracer(KafkaOpenTelemetryInstrumenter instrumenter, String clientId) {
        this.instrumenter = instrumenter;
        this.clientId = clientId;
    }

    /** A tracer, unless nobody would see its spans: then each record would pay for nothing. */
    public static Optional<OutgoingTracer> of(
            boolean isEnabled, Instance<OpenTelemetry> openTelemetry, String clientId) {
        if (!isEnabled || TracingUtils.getOpenTelemetry(openTelemetry).getTracerProvider() == TracerProvider.noop()) {
            return Optional.empty();
        }
        return Optional.of(new OutgoingTracer(KafkaOpenTelemetryInstrumenter.createForSink(openTelemetry), clientId));
    }

    /** Called on the thread that has sent the message: it may carry the span around. */
    void trace(Message<?> message, ProducerRecord<?, ?> record) {
        instrumenter.traceOutgoing(
                message,
                new KafkaTrace.Builder()
                        .withPartition(record.partition() == null ? -1 : record.partition())
                        .withTopic(record.topic())
                        .withHeaders(record.headers())
                        .withClientId(clientId)
                        .build());
    }
}
