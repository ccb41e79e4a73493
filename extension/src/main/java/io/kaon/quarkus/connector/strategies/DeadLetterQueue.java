// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.DeserializationFailureHandler;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.fault.KafkaDeadLetterQueue;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.jboss.logging.Logger;

/**
 * The failure strategy {@code dead-letter-queue}: a refused record goes to another topic and is acknowledged then. Headers
 * as SmallRye's strategy writes them. It extends that one because sources ask for its type, to give it what could not be
 * read; nothing else of it is used.
 */
final class DeadLetterQueue extends KafkaDeadLetterQueue {
    private static final Logger LOG = Logger.getLogger(DeadLetterQueue.class);

    private final String channel;
    private final String topic;
    private final FailedRecordSink sink;
    private final KafkaConsumer<?, ?> consumer;
    private final ChannelCommits commits;
    private final WritesAgain unwritten;

    DeadLetterQueue(
            String channel,
            String topic,
            FailedRecordSink sink,
            KafkaConsumer<?, ?> consumer,
            ChannelCommits commits,
            WritesAgain unwritten) {
        super(channel, topic, null, null);
        this.channel = channel;
        this.topic = topic;
        this.sink = sink;
        this.consumer = consumer;
        this.commits = commits;
        this.unwritten = unwritten;
    }

    @Override
    public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record, Throwable reason, Metadata metadata) {
        boolean isUnreadable =
                record.getHeaders().lastHeader(DeserializationFailureHandler.DESERIALIZATION_FAILURE_DLQ) != null;
        if (isUnreadable) {
            commits.received(consumer, record); // The application never gets it.
        }
        Optional<Metadata> sent = Optional.ofNullable(metadata);
        return write(record, reason, sent, record::ack).onFailure().invoke(failure -> commits.of(consumer)
                .ifPresent(commit -> unwritten.add(
                        commit,
                        record,
                        () -> sink.write(record, deadLetter(record, reason, sent), WritesAgain::nothing))));
    }

    /**
     * Gives up a record that the application still has: it is not told, and may acknowledge or refuse the record later.
     * When it cannot be written, commits wait for it, and who gives it up may try again.
     *
     * @param acknowledge lets commits go past the record
     */
    Uni<Void> giveUp(IncomingKafkaRecord<?, ?> record, Throwable reason, Supplier<CompletionStage<Void>> acknowledge) {
        return write(record, reason, Optional.empty(), acknowledge)
                .invoke(() -> commits.of(consumer)
                        .ifPresent(
                                commit -> commit.release(record.getTopic(), record.getPartition(), record.getOffset())))
                .onFailure()
                .invoke(failure -> commits.of(consumer)
                        .ifPresent(
                                commit -> commit.hold(record.getTopic(), record.getPartition(), record.getOffset())));
    }

    private <K, V> Uni<Void> write(
            IncomingKafkaRecord<K, V> record,
            Throwable reason,
            Optional<Metadata> metadata,
            Supplier<CompletionStage<Void>> acknowledge) {
        ProducerRecord<K, V> dead = deadLetter(record, reason, metadata);
        LOG.warnf(
                "Channel '%s': the record %s-%d@%d goes to the dead letter topic %s: %s",
                channel, record.getTopic(), record.getPartition(), record.getOffset(), dead.topic(), reason);
        return sink.write(record, dead, acknowledge)
                .onFailure()
                .invoke(failure -> LOG.errorf(
                        failure,
                        "Channel '%s': the record %s-%d@%d cannot be written to the dead letter topic %s. It stays "
                                + "unacknowledged, so nothing behind it is committed until it can",
                        channel,
                        record.getTopic(),
                        record.getPartition(),
                        record.getOffset(),
                        dead.topic()))
                .emitOn(record::runOnMessageContext);
    }

    private <K, V> ProducerRecord<K, V> deadLetter(
            IncomingKafkaRecord<K, V> record, Throwable reason, Optional<Metadata> metadata) {
        Optional<OutgoingKafkaRecordMetadata<K>> wanted = outgoing(metadata);
        ProducerRecord<K, V> dead = new ProducerRecord<>(
                wanted.map(OutgoingKafkaRecordMetadata::getTopic).orElse(topic),
                wanted.map(OutgoingKafkaRecordMetadata::getPartition)
                        .filter(partition -> partition >= 0)
                        .orElse(null),
                wanted.map(OutgoingKafkaRecordMetadata::getKey).orElse(record.getKey()),
                record.getPayload());
        Headers headers = dead.headers();
        add(headers, DEAD_LETTER_EXCEPTION_CLASS_NAME, reason.getClass().getName());
        add(headers, DEAD_LETTER_REASON, messageOf(reason));
        if (reason.getCause() != null) {
            add(
                    headers,
                    DEAD_LETTER_CAUSE_CLASS_NAME,
                    reason.getCause().getClass().getName());
            add(headers, DEAD_LETTER_CAUSE, messageOf(reason.getCause()));
        }
        add(headers, DEAD_LETTER_TOPIC, record.getTopic());
        add(headers, DEAD_LETTER_PARTITION, Integer.toString(record.getPartition()));
        add(headers, DEAD_LETTER_OFFSET, Long.toString(record.getOffset()));
        record.getHeaders().forEach(headers::add);
        wanted.map(OutgoingKafkaRecordMetadata::getHeaders).ifPresent(added -> added.forEach(headers::add));
        // Who reads the dead letter topic decides anew what becomes of it.
        headers.remove(DeserializationFailureHandler.DESERIALIZATION_FAILURE_DLQ);
        return dead;
    }

    @SuppressWarnings("unchecked")
    private static <K> Optional<OutgoingKafkaRecordMetadata<K>> outgoing(Optional<Metadata> metadata) {
        return metadata.flatMap(all -> all.get(OutgoingKafkaRecordMetadata.class))
                .map(found -> (OutgoingKafkaRecordMetadata<K>) found);
    }

    private static String messageOf(Throwable reason) {
        return Objects.requireNonNullElseGet(reason.getMessage(), reason::toString);
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void terminate() {
        unwritten.close();
        sink.close();
    }
}
