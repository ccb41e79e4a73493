// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import static io.smallrye.reactive.messaging.kafka.DeserializationFailureHandler.DESERIALIZATION_FAILURE_DLQ;
import static io.smallrye.reactive.messaging.kafka.DeserializationFailureHandler.DESERIALIZATION_FAILURE_REASON;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecordBatch;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.smallrye.reactive.messaging.kafka.fault.KafkaDeadLetterQueue;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;

/** What the handlers of a channel have to do with a record before the application gets it. */
final class Reception {
    private final KafkaCommitHandler commits;
    private final KafkaFailureHandler failures;
    private final Optional<FastCommit> fast;
    private final boolean isListening;
    private final boolean buries;

    /**
     * @param commits that takes note of records
     * @param strategy the failure strategy itself, which says whether unreadable records go to it
     * @param failures what such records are given to
     */
    Reception(KafkaCommitHandler commits, KafkaFailureHandler strategy, KafkaFailureHandler failures) {
        this.commits = commits;
        this.failures = failures;
        this.fast = commits instanceof FastCommit handler ? Optional.of(handler) : Optional.empty();
        this.isListening = listens(commits);
        this.buries = strategy instanceof KafkaDeadLetterQueue;
    }

    /** Whether the handler does anything at all with records that are received. */
    private static boolean listens(KafkaCommitHandler commits) {
        try {
            return commits.getClass()
                            .getMethod("received", IncomingKafkaRecord.class)
                            .getDeclaringClass()
                    != KafkaCommitHandler.class;
        } catch (NoSuchMethodException e) {
            return true; // A native image that knows nothing of the method.
        }
    }

    /** Whether records need not be waited for. */
    boolean isFast() {
        return fast.isPresent() || !isListening;
    }

    void onReceived(IncomingKafkaRecord<?, ?> message) {
        if (fast.isPresent()) {
            fast.get().onReceived(message);
        }
    }

    void onReceived(IncomingKafkaRecordBatch<?, ?> batch) {
        if (fast.isPresent()) {
            fast.get().onReceived(batch);
        }
    }

    /** The record when the application may have it, or null when it never may. */
    Uni<IncomingKafkaRecord<Object, Object>> receive(IncomingKafkaRecord<Object, Object> message) {
        if (buries && message.getHeaders().lastHeader(DESERIALIZATION_FAILURE_DLQ) != null) {
            return bury(message);
        }
        return note(message);
    }

    /** The commit handler's answer, without a look at the headers. */
    Uni<IncomingKafkaRecord<Object, Object>> note(IncomingKafkaRecord<Object, Object> message) {
        if (isFast()) {
            onReceived(message);
            return Uni.createFrom().item(message);
        }
        return commits.received(message);
    }

    boolean isDead(ConsumerRecord<?, ?> item) {
        return buries && item.headers().lastHeader(DESERIALIZATION_FAILURE_DLQ) != null;
    }

    private Uni<IncomingKafkaRecord<Object, Object>> bury(IncomingKafkaRecord<Object, Object> message) {
        return failures.handle(message, reason(message), message.getMetadata())
                .onItem()
                .transform(nothing -> null);
    }

    private static RecordDeserializationException reason(IncomingKafkaRecord<?, ?> message) {
        Headers headers = message.getHeaders();
        Header reason = headers.lastHeader(DESERIALIZATION_FAILURE_REASON);
        return new RecordDeserializationException(
                RecordDeserializationException.DeserializationExceptionOrigin.VALUE,
                new TopicPartition(message.getTopic(), message.getPartition()),
                message.getOffset(),
                message.getTimestamp().toEpochMilli(),
                TimestampType.NO_TIMESTAMP_TYPE,
                null,
                null,
                headers,
                reason == null ? null : new String(reason.value(), StandardCharsets.UTF_8),
                null);
    }
}
