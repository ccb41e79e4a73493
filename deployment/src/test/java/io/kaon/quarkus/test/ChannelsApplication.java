// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.Record;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** An application with channels that names no connector. */
@Singleton
public class ChannelsApplication {
    @Inject
    @Channel("words-out")
    Emitter<String> words;

    @Inject
    @Channel("numbers-out")
    MutinyEmitter<Record<String, Integer>> numbers;

    @Inject
    @Channel("orders-out")
    Emitter<Order> orders;

    @Inject
    @Channel("risky-out")
    Emitter<String> risky;

    @Inject
    @Channel("bulk-out")
    Emitter<Integer> bulk;

    final List<String> shouted = new CopyOnWriteArrayList<>();
    final List<Arrived> numbersIn = new CopyOnWriteArrayList<>();
    final List<Order> ordersIn = new CopyOnWriteArrayList<>();
    final List<String> deadLetters = new CopyOnWriteArrayList<>();
    final List<Integer> bulkIn = new CopyOnWriteArrayList<>();
    final List<Integer> batchSizes = new CopyOnWriteArrayList<>();

    public record Order(String item, int count) {}

    public record Arrived(String key, int value, int partition, long timestamp, String header) {}

    @Incoming("words-in")
    @Outgoing("shouts-out")
    String shout(String word) {
        return word.toUpperCase(Locale.ROOT) + "!";
    }

    @Incoming("shouts-in")
    void collect(String shout) {
        shouted.add(shout);
    }

    @Incoming("numbers-in")
    CompletionStage<Void> number(Message<Integer> message) {
        IncomingKafkaRecordMetadata<?, ?> metadata =
                message.getMetadata(IncomingKafkaRecordMetadata.class).orElseThrow();
        numbersIn.add(new Arrived(
                (String) metadata.getKey(),
                message.getPayload(),
                metadata.getPartition(),
                metadata.getTimestamp().toEpochMilli(),
                header(metadata.getHeaders(), "origin")));
        return message.ack();
    }

    @Incoming("orders-in")
    void order(Order order) {
        ordersIn.add(order);
    }

    @Incoming("risky-in")
    void risk(String word) {
        if (word.startsWith("bad")) {
            throw new IllegalArgumentException("refused");
        }
    }

    @Incoming("dead-letters")
    void deadLetter(String word) {
        deadLetters.add(word);
    }

    @Incoming("bulk-in")
    void bulk(List<Integer> batch) {
        batchSizes.add(batch.size());
        bulkIn.addAll(batch);
    }

    private static String header(Headers headers, String name) {
        return headers.lastHeader(name) == null
                ? ""
                : new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
