// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import io.kaon.quarkus.connector.client.producer.Inbox.Parcel;
import io.kaon.quarkus.connector.client.producer.KnownTopics.KnownTopic;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Sends without ever holding the caller up: whatever may take time – serializers, a topic that is looked up, memory that
 * is full – happens on or waits for the producer's thread. Records of a topic that is looked up wait beside, so that they
 * hold no other topic up. Any thread may {@link #send}; the rest is the producer's thread's.
 */
final class AsyncSends<K, V> {
    private static final Logger LOG = Logger.getLogger(AsyncSends.class);

    private final RecordPreparer<K, V> preparer;
    private final KnownTopics topics;
    private final BufferMemory memory;
    private final BatchSender sender;
    private final Inbox inbox;
    private final Executor owner;
    private final Optional<ProducerTransaction> transaction;
    private final Map<String, Deque<Parcel>> parked = new HashMap<>();

    AsyncSends(
            RecordPreparer<K, V> preparer,
            KnownTopics topics,
            BufferMemory memory,
            BatchSender sender,
            Inbox inbox,
            Executor owner,
            Optional<ProducerTransaction> transaction) {
        this.preparer = preparer;
        this.topics = topics;
        this.memory = memory;
        this.sender = sender;
        this.inbox = inbox;
        this.owner = owner;
        this.transaction = transaction;
    }

    void send(ProducerRecord<K, V> record, SendOutcome outcome) {
        inbox.add(new Sending(record, outcome));
    }

    /** Refuses what waits for a topic. */
    void refuseAll(RuntimeException reason) {
        for (String topic : parked.keySet().toArray(String[]::new)) {
            unpark(topic).forEach(parcel -> parcel.refuse(reason));
        }
    }

    private void park(String topic, Parcel parcel) {
        Deque<Parcel> waiting = parked.get(topic);
        if (waiting != null) {
            waiting.add(parcel);
            return;
        }
        parked.put(topic, new ArrayDeque<>(List.of(parcel)));
        topics.search(topic).whenComplete((found, failure) -> {
            try {
                owner.execute(() -> onSearched(topic, failure));
            } catch (RejectedExecutionException closed) {
                LOG.debugf("The producer was closed before the topic %s was found", topic);
            }
        });
    }

    private void onSearched(String topic, Throwable failure) {
        Deque<Parcel> waiting = unpark(topic);
        if (failure == null) {
            inbox.addFirst(waiting);
        } else {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            RuntimeException reason = cause instanceof RuntimeException known
                    ? known
                    : new KafkaException("The topic " + topic + " could not be looked up", cause);
            waiting.forEach(parcel -> parcel.refuse(reason));
        }
    }

    private Deque<Parcel> unpark(String topic) {
        return Optional.ofNullable(parked.remove(topic)).orElseGet(ArrayDeque::new);
    }

    /** One record. */
    private final class Sending implements Parcel {
        private ProducerRecord<K, V> record;
        private SendOutcome outcome;
        private boolean isIntercepted;
        private boolean isHeld;
        private PendingRecord pending;
        private TopicPartition target;

        Sending(ProducerRecord<K, V> record, SendOutcome outcome) {
            this.record = record;
            this.outcome = outcome;
        }

        @Override
        public boolean enter() {
            try {
                if (target == null && !prepare()) {
                    return true; // It waits for its topic.
                }
            } catch (Throwable failure) { // Serializers and interceptors are the application's, whatever they throw.
                refuse(
                        failure instanceof RuntimeException known
                                ? known
                                : new KafkaException("A record for " + record.topic() + " cannot be written", failure));
                return true;
            }
            if (!memory.tryTake(pending.sizeInBytes())) {
                return false;
            }
            sender.accept(target, pending);
            unhold();
            outcome.onAccepted();
            return true;
        }

        /** Who flushes waits for it, though it is in no lane yet. */
        private void hold() {
            if (!isHeld) {
                isHeld = true;
                sender.hold();
            }
        }

        private void unhold() {
            if (isHeld) {
                isHeld = false;
                sender.unhold();
            }
        }

        private boolean prepare() {
            if (!isIntercepted) {
                transaction.ifPresent(ProducerTransaction::onSend);
                ProducerRecord<K, V> intercepted = Objects.requireNonNull(
                        preparer.intercept(record), "an interceptor gave no record in the place of its own");
                record = intercepted;
                outcome = preparer.intercepted(record, outcome);
                isIntercepted = true;
            }
            Optional<KnownTopic> topic = topics.get(record.topic());
            if (topic.isEmpty() || !parked.isEmpty() && parked.containsKey(record.topic())) {
                hold();
                park(record.topic(), this);
                return false;
            }
            pending = preparer.serialize(record, outcome);
            target = preparer.partition(record, pending, topic.get());
            return true;
        }

        @Override
        public void refuse(RuntimeException reason) {
            // Who commits without a look at the result must not commit without the record.
            transaction.ifPresent(own -> own.onSendFailure(reason));
            try {
                outcome.onFailed(reason);
            } finally {
                unhold();
            }
        }
    }
}
