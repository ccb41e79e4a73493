// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.TracerProvider;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.tracing.KafkaOpenTelemetryInstrumenter;
import io.smallrye.reactive.messaging.kafka.tracing.KafkaTrace;
import io.smallrye.reactive.messaging.tracing.TracingUtils;
import jakarta.enterprise.inject.Instance;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** Makes spans for received records, as SmallRye does. Any thread. */
final class SourceTracing {
    private final KafkaOpenTelemetryInstrumenter instrumenter;
    private final String groupId;
    private final String clientId;

    private SourceTracing(KafkaOpenTelemetryInstrumenter instrumenter, EmbeddedClient client) {
        this.instrumenter = instrumenter;
        this.groupId = client.get(ConsumerConfig.GROUP_ID_CONFIG);
        this.clientId = client.get(ConsumerConfig.CLIENT_ID_CONFIG);
    }

    /** Empty where nobody would see a span: it would cost something for each record all the same. */
    static Optional<SourceTracing> of(Instance<OpenTelemetry> openTelemetry, EmbeddedClient client) {
        if (TracingUtils.getOpenTelemetry(openTelemetry).getTracerProvider() == TracerProvider.noop()) {
            return Optional.empty();
        }
        return Optional.of(new SourceTracing(KafkaOpenTelemetryInstrumenter.createForSource(openTelemetry), client));
    }

    /**
     * @param isCurrent whether what the application does is to be in this span; not for one record of a batch
     */
    void trace(IncomingKafkaRecord<?, ?> record, boolean isCurrent) {
        KafkaTrace trace = new KafkaTrace.Builder()
                .withPartition(record.getPartition())
                .withTopic(record.getTopic())
                .withOffset(record.getOffset())
                .withHeaders(record.getHeaders())
                .withGroupId(groupId)
                .withClientId(clientId)
                .build();
        instrumenter.traceIncoming(record, trace, isCurrent);
    }
}
