// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Multi;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Ways to say what a channel reads. */
@Singleton
public class ConsumptionApplication {
    @Inject
    @Channel("anything-out")
    Emitter<String> out;

    final Map<String, Queue<String>> received = new ConcurrentHashMap<>();
    /** Which of a channel's members has read a partition last. */
    final Map<Integer, String> members = new ConcurrentHashMap<>();

    final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    @Inject
    @Channel("middle")
    Multi<String> middle;

    @Inject
    @Channel("exact")
    Multi<String> exact;

    @Inject
    @Channel("nowhere-to-begin")
    Multi<String> nowhereToBegin;

    Queue<String> received(String channel) {
        return received.computeIfAbsent(channel, name -> new ConcurrentLinkedQueue<>());
    }

    @Incoming("several-topics")
    void several(String value) {
        received("several-topics").add(value);
    }

    @Incoming("by-pattern")
    void matching(String value) {
        received("by-pattern").add(value);
    }

    @Incoming("all-places")
    void place(String value) {
        received("all-places").add(value);
    }

    @Incoming("sought")
    void sought(String value) {
        received("sought").add(value);
    }

    @Incoming("rewound")
    void rewound(String value) {
        received("rewound").add(value);
    }

    @Incoming("modern")
    void modern(String value) {
        received("modern").add(value);
    }

    @Incoming("concurrent")
    CompletionStage<Void> concurrent(Message<String> message) {
        message.getMetadata(IncomingKafkaRecordMetadata.class)
                .ifPresent(metadata -> members.put(metadata.getPartition(), metadata.getChannel()));
        return message.ack();
    }

    /** Begins at one record of each partition. */
    @ApplicationScoped
    @Identifier("to-three")
    public static class ToThree implements KafkaConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> assigned) {
            assigned.forEach(partition -> consumer.seek(partition, 3));
        }
    }

    /** Reads all again, whatever is committed. */
    @ApplicationScoped
    @Identifier("rewind")
    public static class Rewind implements KafkaConsumerRebalanceListener {
        final Queue<String> threads = new ConcurrentLinkedQueue<>();

        @Override
        public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> assigned) {
            threads.add(Thread.currentThread().getName());
            consumer.seekToBeginning(new ArrayList<>(assigned));
        }
    }
}
