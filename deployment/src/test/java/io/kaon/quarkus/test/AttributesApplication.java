// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.ClientCustomizer;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.ce.IncomingCloudEventMetadata;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.Record;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.serialization.Deserializer;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** Channels whose behaviour their attributes decide, each in its own way. */
@Singleton
public class AttributesApplication {
    @Inject
    @Channel("dotted.out")
    Emitter<String> dotted;

    @Inject
    @Channel("keys-out")
    Emitter<Record<String, String>> keys;

    @Inject
    @Channel("fixed-out")
    MutinyEmitter<String> fixed;

    @Inject
    @Channel("binary-out")
    Emitter<Fruit> binary;

    @Inject
    @Channel("structured-out")
    Emitter<Fruit> structured;

    @Inject
    @Channel("defaulted-out")
    Emitter<String> defaulted;

    @Inject
    @Channel("baskets-out")
    Emitter<Map<String, Fruit>> baskets;

    @Inject
    @Channel("shared-out")
    Emitter<Record<Integer, Integer>> shared;

    @Inject
    @Channel("own-reader-out")
    Emitter<String> ownReaderOut;

    @Inject
    KafkaClientService clients;

    final List<String> fromDotted = new CopyOnWriteArrayList<>();
    final List<Event> events = new CopyOnWriteArrayList<>();
    final List<Map<String, Fruit>> basketsIn = new CopyOnWriteArrayList<>();
    final Set<Integer> sharedIn = ConcurrentHashMap.newKeySet();
    final List<Word> words = new CopyOnWriteArrayList<>();

    public record Fruit(String name) {}

    public record Word(String text) {}

    public record Event(String id, String source, String type, String subject, String payload) {}

    @Incoming("dotted.in")
    void dotted(String word) {
        fromDotted.add(word);
    }

    @Incoming("keys-in")
    @Outgoing("propagated-out")
    String propagate(String word) {
        return word + " again";
    }

    @Incoming("routes-in")
    @Outgoing("routes-out")
    Message<String> route(Message<String> message) {
        return message.addMetadata(OutgoingKafkaRecordMetadata.<String>builder()
                .withTopic("routed." + message.getPayload())
                .withKey("routed")
                .build());
    }

    @Incoming("events-in")
    CompletionStage<Void> event(Message<String> message) {
        return event(message, message.getPayload());
    }

    @Incoming("structured-in")
    CompletionStage<Void> structured(Message<JsonObject> message) {
        return event(message, message.getPayload().encode());
    }

    private CompletionStage<Void> event(Message<?> message, String payload) {
        message.getMetadata(IncomingCloudEventMetadata.class)
                .map(found -> (IncomingCloudEventMetadata<?>) found)
                .ifPresent(event -> events.add(new Event(
                        event.getId(),
                        event.getSource().toString(),
                        event.getType(),
                        event.getSubject().orElse(""),
                        payload)));
        return message.ack();
    }

    @Incoming("baskets-in")
    void basket(Map<String, Fruit> basket) {
        basketsIn.add(basket);
    }

    @Incoming("shared-in")
    void shared(Record<Integer, Integer> number) {
        sharedIn.add(number.value());
    }

    @Incoming("own-reader-in")
    void word(Word word) {
        words.add(word);
    }

    /** Detection does not find it: it reads any type. */
    public static final class WordReader implements Deserializer<Object> {
        @Override
        public Object deserialize(String topic, byte[] bytes) {
            return new Word("read: " + new String(bytes, StandardCharsets.UTF_8));
        }
    }

    /** Beans of their own: channels ask for them before the application has its emitters. */
    @Singleton
    public static class Settings {
        @Produces
        @Singleton
        @Identifier("house-rules")
        Map<String, Object> houseRules() {
            return new HashMap<>(Map.of(
                    "fetch.max.wait.ms", "222",
                    "max.poll.records", "22",
                    "max.poll.interval.ms", "222222",
                    "auto.offset.reset", "earliest"));
        }

        /** Holds for the channel of its name, which does not mention it. */
        @Produces
        @Singleton
        @Identifier("own-reader-in")
        Map<String, Object> ownReader() {
            return new HashMap<>(
                    Map.of("value.deserializer", WordReader.class.getName(), "auto.offset.reset", "earliest"));
        }
    }

    @ApplicationScoped
    public static class Customizer implements ClientCustomizer<Map<String, Object>> {
        @Override
        public Map<String, Object> customize(String channel, Config config, Map<String, Object> settings) {
            settings.put("session.timeout.ms", "44444");
            return settings;
        }
    }
}
