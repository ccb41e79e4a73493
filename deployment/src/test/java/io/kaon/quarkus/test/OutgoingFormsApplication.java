// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.Record;
import io.smallrye.reactive.messaging.kafka.SerializationFailureHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** An application that sends in every form there is, and sees what arrives. */
@Singleton
public class OutgoingFormsApplication {
    @Inject
    @Channel("plain-out")
    Emitter<String> plain;

    @Inject
    @Channel("record-out")
    Emitter<Record<String, String>> records;

    @Inject
    @Channel("kafka-out")
    Emitter<ProducerRecord<String, String>> kafka;

    @Inject
    @Channel("fixed-out")
    Emitter<String> fixed;

    @Inject
    @Channel("structured-out")
    Emitter<String> structured;

    @Inject
    @Channel("relay-source-out")
    Emitter<ProducerRecord<String, String>> relaySource;

    @Inject
    @Channel("picky-out")
    Emitter<String> picky;

    @Inject
    @Channel("refused-out")
    Emitter<String> refused;

    @Inject
    @Channel("one-out")
    Emitter<String> one;

    @Inject
    @Channel("tight-out")
    Emitter<String> tight;

    final List<ConsumerRecord<String, String>> arrived = new CopyOnWriteArrayList<>();

    @Incoming("all-in")
    void onRecord(ConsumerRecord<String, String> record) {
        arrived.add(record);
    }

    @Incoming("relay-in")
    @Outgoing("relay-out")
    String relay(String value) {
        return value + ", relayed";
    }

    /** Writes nothing that begins with "bad". Not for strings alone, or it would be found for every channel. */
    public static final class PickySerializer implements Serializer<Object> {
        @Override
        public byte[] serialize(String topic, Object data) {
            if (String.valueOf(data).startsWith("bad")) {
                throw new SerializationException("too bad to be written");
            }
            return String.valueOf(data).getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Writes something else in its place. */
    @Singleton
    @Identifier("second-best")
    public static class SecondBest implements SerializationFailureHandler<String> {
        @Override
        public byte[] decorateSerialization(
                Uni<byte[]> serialization,
                String topic,
                boolean isKey,
                String serializer,
                String data,
                Headers headers) {
            return serialization
                    .onFailure()
                    .recoverWithItem("second best".getBytes(StandardCharsets.UTF_8))
                    .await()
                    .indefinitely();
        }
    }

    /** Fails wherever it is called. */
    @ApplicationScoped
    @Identifier("clumsy")
    public static class Clumsy implements ProducerInterceptor<String, String> {
        private final List<Long> offsets = new CopyOnWriteArrayList<>();
        private final Map<String, Object> settings = new ConcurrentHashMap<>();

        @Override
        public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
            throw new IllegalStateException("injected");
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Exception exception) {
            offsets.add(metadata.offset());
            throw new IllegalStateException("injected");
        }

        @Override
        public void close() {}

        @Override
        public void configure(Map<String, ?> configs) {
            settings.putAll(configs);
        }

        public List<Long> offsets() {
            return offsets;
        }

        public Map<String, Object> settings() {
            return settings;
        }
    }

    /** Marks records and notes what became of them. */
    @Singleton
    @Identifier("marking")
    public static class Marking implements ProducerInterceptor<String, String> {
        final List<Long> offsets = new CopyOnWriteArrayList<>();

        @Override
        public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
            record.headers().add("marked", "yes".getBytes(StandardCharsets.UTF_8));
            return record;
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Exception exception) {
            offsets.add(metadata.offset());
        }

        @Override
        public void close() {}

        @Override
        public void configure(Map<String, ?> configs) {}
    }
}
