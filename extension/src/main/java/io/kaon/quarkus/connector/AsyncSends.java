// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import io.kaon.quarkus.connector.Inbox.Parcel;
import io.kaon.quarkus.connector.KnownTopics.KnownTopic;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Sends without ever holding the caller up: whatever may take time – serializers, a topic that is looked up, memory that
 * is full – happens on or waits for the producer's thread. Records of a topic that is looked up wait beside, so that they
 * hold no other topic up. Any thread may {@link #send}; the rest is the producer's thread's.
 */
final class AsyncSends<K, V> {
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
        sender.maybeIdle();
    }

    private void park(String topic, Parcel parcel) {
        sender.hold();
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
                onSearched(topic, new KafkaException("The producer is closed"));
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
        sender.maybeIdle();
    }

    private Deque<Parcel> unpark(String topic) {
        Deque<Parcel> waiting = Optional.ofNullable(parked.remove(topic)).orElseGet(ArrayDeque::new);
        waiting.forEach(parcel -> sender.unhold());
        return waiting;
    }

    /** One record. */
    private final class Sending implements Parcel {
        private ProducerRecord<K, V> record;
        private SendOutcome outcome;
        private boolean isIntercepted;
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
            } catch (RuntimeException failure) {
                refuse(failure);
                return true;
            }
            if (!memory.tryTake(pending.sizeInBytes())) {
                return false;
            }
            sender.accept(target, pending);
            outcome.onAccepted();
            return true;
        }

        private boolean prepare() {
            if (!isIntercepted) {
                transaction.ifPresent(ProducerTransaction::onSend);
                record = preparer.intercept(record);
                outcome = preparer.intercepted(record, outcome);
                isIntercepted = true;
            }
            Optional<KnownTopic> topic = topics.get(record.topic());
            if (topic.isEmpty() || !parked.isEmpty() && parked.containsKey(record.topic())) {
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
            outcome.onFailed(reason);
        }
    }
}
