// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.outgoing;

import io.kaon.broker.Broker;
import io.kaon.quarkus.connector.metering.ChannelMeter.Direction;
import io.kaon.quarkus.connector.metering.ChannelMeters;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.reactive.messaging.health.HealthReport.HealthReportBuilder;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorOutgoingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaProducer;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.eclipse.microprofile.reactive.messaging.Message;

/** The outgoing channels whose broker is in this application. Any thread. */
@Singleton
public class EmbeddedSinks {
    private final EmbeddedProducers producers;
    private final ChannelMeters meters;
    private final Instance<OpenTelemetry> openTelemetry;
    private final List<EmbeddedSink> sinks = new CopyOnWriteArrayList<>();

    @Inject
    EmbeddedSinks(EmbeddedProducers producers, ChannelMeters meters, Instance<OpenTelemetry> openTelemetry) {
        this.producers = producers;
        this.meters = meters;
        this.openTelemetry = openTelemetry;
    }

    /** Opens a channel; whoever subscribes it to messages has them sent. */
    public Flow.Subscriber<? extends Message<?>> open(Broker broker, KafkaConnectorOutgoingConfiguration channel) {
        OutgoingRecords records = new OutgoingRecords(channel);
        EmbeddedProducerClient<Object, Object> client = producers.open(broker, channel);
        Optional<OutgoingTracer> tracer = OutgoingTracer.of(
                channel.getTracingEnabled(),
                openTelemetry,
                client.configuration().get(ProducerConfig.CLIENT_ID_CONFIG).toString());
        EmbeddedSink sink = new EmbeddedSink(
                channel, client, records, tracer, meters.open(Direction.OUTGOING, channel.getChannel()));
        sinks.add(sink);
        return sink;
    }

    /** The producer of the channel, if it is one of these. */
    @SuppressWarnings("unchecked")
    public <K, V> Optional<KafkaProducer<K, V>> producer(String channel) {
        return sinks.stream()
                .filter(sink -> sink.channel().equals(channel))
                .map(sink -> (KafkaProducer<K, V>) (KafkaProducer<?, ?>) sink.client())
                .findFirst();
    }

    public Set<String> channels() {
        return sinks.stream().map(EmbeddedSink::channel).collect(Collectors.toSet());
    }

    public void isStarted(HealthReportBuilder report) {
        sinks.forEach(sink -> sink.health().isStarted(report));
    }

    public void isReady(HealthReportBuilder report) {
        sinks.forEach(sink -> sink.health().isReady(report));
    }

    public void isAlive(HealthReportBuilder report) {
        sinks.forEach(sink -> sink.health().isAlive(report));
    }

    /** Ends all of them, each within its {@code close-timeout}. */
    public void close() {
        for (EmbeddedSink sink : sinks) {
            sink.close();
            meters.close(sink.meter());
        }
    }
}
