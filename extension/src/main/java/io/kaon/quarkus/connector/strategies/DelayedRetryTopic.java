// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.DeserializationFailureHandler;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.fault.KafkaDelayedRetryTopic;
import io.vertx.mutiny.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.jboss.logging.Logger;

/**
 * The failure strategy {@code delayed-retry-topic}: a refused record goes to a topic where it waits, comes back from there,
 * and after the last attempt goes to the dead letter topic. Headers as SmallRye's strategy writes them. It extends that
 * one because sources ask for its type, to merge its records with theirs; nothing else of it is used.
 *
 * <p>Each retry topic has a consumer of its own, so that a record that waits long holds up none that waits shorter.
 */
final class DelayedRetryTopic extends KafkaDelayedRetryTopic {
    private static final Logger LOG = Logger.getLogger(DelayedRetryTopic.class);

    private final RetrySettings settings;
    private final KafkaConnectorIncomingConfiguration configuration;
    private final RetryTopics topics;
    private final RetryWriter writer;
    private final List<RetryConsumer> consumers;
    private final LongSupplier clockMs;

    /**
     * What writes to the next topic.
     *
     * @param first what commits the topics of the channel itself, if that is a strategy of ours
     */
    record RetryWriter(FailedRecordSink sink, WritesAgain unwritten, Supplier<Optional<ThrottledCommit>> first) {}

    /**
     * @param consumers one for each retry topic
     * @param clockMs of the wall: it is compared with timestamps of records
     */
    DelayedRetryTopic(
            RetrySettings settings,
            KafkaConnectorIncomingConfiguration configuration,
            Vertx vertx,
            RetryTopics topics,
            RetryWriter writer,
            List<RetryConsumer> consumers,
            LongSupplier clockMs) {
        super(
                settings.channel(),
                vertx,
                configuration,
                settings.topics(),
                settings.maxRetries(),
                settings.timeoutMs(),
                settings.deadLetterTopic().orElse(null),
                null,
                null,
                null);
        this.settings = settings;
        this.configuration = configuration;
        this.topics = topics;
        this.writer = writer;
        this.consumers = List.copyOf(consumers);
        this.clockMs = clockMs;
    }

    @Override
    public Multi<? extends IncomingKafkaRecord<?, ?>> retryStream() {
        List<Multi<IncomingKafkaRecord<?, ?>>> streams =
                consumers.stream().map(this::retries).toList();
        return topics.ready().onItem().transformToMulti(counts -> Multi.createBy()
                .merging()
                .withConcurrency(consumers.size())
                .withRequests(1)
                .streams(streams));
    }

    private Multi<IncomingKafkaRecord<?, ?>> retries(RetryConsumer consumer) {
        return consumer.records()
                .map(record -> new IncomingKafkaRecord<>(
                        record, settings.channel(), -1, consumer.commit(), this, configuration.getCloudEvents()))
                .onItem()
                .transformToUni(this::whenDue)
                .concatenate(false)
                .onItem()
                .invoke(record -> consumer.commit().onReceived(record))
                .map(record -> record);
    }

    private Uni<IncomingKafkaRecord<Object, Object>> whenDue(IncomingKafkaRecord<Object, Object> record) {
        Headers headers = record.getHeaders();
        replace(headers, DELAYED_RETRY_COUNT, Integer.toString(getRetryHeader(headers) + 1));
        long dueMs = record.getTimestamp().toEpochMilli() + RetrySettings.delayMs(record.getTopic());
        long leftMs = dueMs - clockMs.getAsLong();
        Uni<IncomingKafkaRecord<Object, Object>> now = Uni.createFrom().item(record);
        return leftMs <= 0 ? now : now.onItem().delayIt().by(Duration.ofMillis(leftMs));
    }

    @Override
    public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record, Throwable reason, Metadata metadata) {
        long nowMs = clockMs.getAsLong();
        Headers headers = record.getHeaders();
        addIfMissing(
                headers, DELAYED_RETRY_ORIGINAL_TIMESTAMP, record.getTimestamp().toEpochMilli());
        long firstMs = addIfMissing(headers, DELAYED_RETRY_FIRST_PROCESSING_TIMESTAMP, nowMs);
        int retries = getRetryHeader(headers);
        if (retries == 0) {
            replace(headers, DELAYED_RETRY_COUNT, "0");
        }
        Optional<OutgoingKafkaRecordMetadata<K>> wanted = outgoing(Optional.ofNullable(metadata));
        Optional<String> next =
                wanted.map(OutgoingKafkaRecordMetadata::getTopic).or(() -> settings.next(retries, nowMs - firstMs));
        if (next.isEmpty()) {
            LOG.warnf(
                    "Channel '%s': the record %s-%d@%d is given up after %d retries, because the channel sets no "
                            + "dead-letter-queue.topic: %s",
                    settings.channel(), record.getTopic(), record.getPartition(), record.getOffset(), retries, reason);
            return Uni.createFrom().completionStage(record.ack()).emitOn(record::runOnMessageContext);
        }
        Function<Supplier<CompletionStage<Void>>, Uni<Void>> write =
                acknowledge -> topics.ready(record.getTopic()).chain(counts -> writer.sink()
                        .write(record, retryOf(record, reason, next.get(), wanted, counts), acknowledge));
        return write.apply(record::ack)
                .onFailure()
                .invoke(failure -> onNotWritten(record, next.get(), failure, () -> write.apply(WritesAgain::nothing)))
                .emitOn(record::runOnMessageContext);
    }

    private void onNotWritten(
            IncomingKafkaRecord<?, ?> record, String topic, Throwable failure, Supplier<Uni<Void>> again) {
        LOG.errorf(
                failure,
                "Channel '%s': the record %s-%d@%d cannot be written to the topic %s. It stays unacknowledged, so"
                        + " nothing behind it is committed until it can",
                settings.channel(),
                record.getTopic(),
                record.getPartition(),
                record.getOffset(),
                topic);
        consumers.stream()
                .filter(consumer -> consumer.topic().equals(record.getTopic()))
                .map(RetryConsumer::commit)
                .findFirst()
                .or(writer.first())
                .ifPresent(commit -> writer.unwritten().add(commit, record, again));
    }

    private <K, V> ProducerRecord<K, V> retryOf(
            IncomingKafkaRecord<K, V> record,
            Throwable reason,
            String topic,
            Optional<OutgoingKafkaRecordMetadata<K>> wanted,
            Map<String, Integer> counts) {
        Integer partition = wanted.map(OutgoingKafkaRecordMetadata::getPartition)
                .filter(set -> set >= 0)
                .orElseGet(() -> {
                    var kept = RetryTopics.partition(counts, topic, record.getPartition());
                    return kept.isPresent() ? kept.getAsInt() : null;
                });
        K key = wanted.map(OutgoingKafkaRecordMetadata::getKey).orElse(record.getKey());
        ProducerRecord<K, V> retry = new ProducerRecord<>(topic, partition, key, record.getPayload());
        Headers headers = retry.headers();
        describe(headers, record, reason); // First, so that what it says of earlier attempts comes after it, as always.
        record.getHeaders().forEach(headers::add);
        wanted.map(OutgoingKafkaRecordMetadata::getHeaders).ifPresent(added -> added.forEach(headers::add));
        // Who reads the topic decides anew what becomes of what cannot be read.
        headers.remove(DeserializationFailureHandler.DESERIALIZATION_FAILURE_DLQ);
        LOG.warnf(
                "Channel '%s': the record %s-%d@%d goes to the topic %s: %s",
                settings.channel(), record.getTopic(), record.getPartition(), record.getOffset(), topic, reason);
        return retry;
    }

    private static void describe(Headers headers, IncomingKafkaRecord<?, ?> record, Throwable reason) {
        add(headers, DELAYED_RETRY_EXCEPTION_CLASS_NAME, reason.getClass().getName());
        add(headers, DELAYED_RETRY_REASON, messageOf(reason));
        if (reason.getCause() != null) {
            add(
                    headers,
                    DELAYED_RETRY_CAUSE_CLASS_NAME,
                    reason.getCause().getClass().getName());
            add(headers, DELAYED_RETRY_CAUSE, messageOf(reason.getCause()));
        }
        add(headers, DELAYED_RETRY_TOPIC, record.getTopic());
        add(headers, DELAYED_RETRY_PARTITION, Integer.toString(record.getPartition()));
        add(headers, DELAYED_RETRY_OFFSET, Long.toString(record.getOffset()));
    }

    @SuppressWarnings("unchecked")
    private static <K> Optional<OutgoingKafkaRecordMetadata<K>> outgoing(Optional<Metadata> metadata) {
        return metadata.flatMap(all -> all.get(OutgoingKafkaRecordMetadata.class))
                .map(found -> (OutgoingKafkaRecordMetadata<K>) found);
    }

    private static long addIfMissing(Headers headers, String name, long value) {
        Header found = headers.lastHeader(name);
        if (found != null) {
            return Long.parseLong(new String(found.value(), StandardCharsets.UTF_8));
        }
        replace(headers, name, Long.toString(value));
        return value;
    }

    private static String messageOf(Throwable reason) {
        return Objects.requireNonNullElseGet(reason.getMessage(), reason::toString);
    }

    private static void replace(Headers headers, String name, String value) {
        headers.remove(name);
        add(headers, name, value);
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Lets the application finish what it has, commits it, and leaves. */
    @Override
    public void terminate() {
        consumers.forEach(consumer -> consumer.close(configuration.getGracefulShutdown()));
        writer.unwritten().close();
        writer.sink().close();
    }
}
