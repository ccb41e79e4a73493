// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.reply;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.reactive.messaging.EmitterConfiguration;
import io.smallrye.reactive.messaging.OutgoingMessageMetadata;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata.OutgoingKafkaRecordMetadataBuilder;
import io.smallrye.reactive.messaging.kafka.reply.CorrelationId;
import io.smallrye.reactive.messaging.kafka.reply.CorrelationIdHandler;
import io.smallrye.reactive.messaging.kafka.reply.KafkaRequestReply;
import io.smallrye.reactive.messaging.kafka.reply.KafkaRequestReplyTimeoutException;
import io.smallrye.reactive.messaging.kafka.reply.PendingReply;
import io.smallrye.reactive.messaging.kafka.reply.ReplyFailureHandler;
import io.smallrye.reactive.messaging.providers.extension.MutinyEmitterImpl;
import io.smallrye.reactive.messaging.providers.locals.ContextAwareMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * Requests over an outgoing channel, and the replies to them; stands where SmallRye's implementation does for channels
 * of its connector. It differs in what it promises: who asks waits for replies from before the request leaves, so
 * none is too quick; and the first request leaves when it is settled from which offset on replies are read, so none
 * is skipped. Any thread.
 */
final class RequestReply extends MutinyEmitterImpl<Object> implements KafkaRequestReply<Object, Object> {
    private static final Logger LOG = Logger.getLogger(RequestReply.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);
    private static final Duration POSITION_TIMEOUT = Duration.ofSeconds(5);

    private final Map<CorrelationId, AwaitedReply> awaited = new ConcurrentHashMap<>();
    private final ReplySettings settings;
    private final ReplySource source;
    private final CorrelationIdHandler correlations;
    private final Optional<ReplyFailureHandler> failures;
    private final AtomicBoolean isCompleted = new AtomicBoolean();
    private volatile Function<Message<?>, Uni<? extends Message<?>>> converter =
            reply -> Uni.createFrom().item(reply);

    /** @param failures finds out whether a reply tells of a failure */
    RequestReply(
            EmitterConfiguration channel,
            long bufferSize,
            ReplySettings settings,
            ReplySource source,
            CorrelationIdHandler correlations,
            Optional<ReplyFailureHandler> failures) {
        super(channel, bufferSize);
        this.settings = settings;
        this.source = source;
        this.correlations = correlations;
        this.failures = failures;
    }

    /** Begins to read replies. Once. */
    void start() {
        source.messages().subscribe().with(this::onMessage, this::onFailure);
    }

    /** Has payloads of replies made what the application has declared. */
    void convertBy(Function<Message<?>, Uni<? extends Message<?>>> newConverter) {
        converter = newConverter;
    }

    @Override
    public Flow.Publisher<Message<? extends Object>> getPublisher() {
        Multi<Message<? extends Object>> requests = settings.start()
                .map(patience -> publisher
                        .onSubscription()
                        .call(() ->
                                waitForAssignments().ifNoItem().after(patience).fail()))
                .orElse(publisher);
        return requests.onTermination().invoke(this::complete);
    }

    // --- requests

    @Override
    public Uni<Object> request(Object request) {
        return requestMulti(request).toUni();
    }

    @Override
    public Uni<Message<Object>> request(Message<Object> request) {
        return requestMulti(request).toUni();
    }

    @Override
    public Multi<Object> requestMulti(Object request) {
        return requestMulti(ContextAwareMessage.of(request)).map(Message::getPayload);
    }

    @Override
    public Multi<Message<Object>> requestMulti(Message<Object> request) {
        CorrelationId id = correlations.generate(request);
        OutgoingMessageMetadata<RecordMetadata> sent = new OutgoingMessageMetadata<>();
        Uni<Void> sending = sendMessage(addressed(request, id).addMetadata(sent));
        return Multi.createFrom()
                .<Message<Object>>emitter(replies -> {
                    // First: the reply may be here before the acknowledgement of the request.
                    awaited.put(id, new AwaitedReply(settings.topic(), settings.partition(), sent, replies));
                    sending.subscribe().with(done -> {}, replies::fail);
                })
                .ifNoItem()
                .after(settings.timeout())
                .failWith(() -> new KafkaRequestReplyTimeoutException(id))
                .onItem()
                .transformToUniAndConcatenate(this::checked)
                .onTermination()
                .invoke(() -> awaited.remove(id))
                .onItem()
                .transformToUniAndConcatenate(this::converted);
    }

    @SuppressWarnings("unchecked")
    private Uni<Message<Object>> converted(Message<Object> reply) {
        return converter.apply(reply).map(message -> (Message<Object>) message);
    }

    /** The request, with headers that say where its reply is to go. */
    private Message<Object> addressed(Message<Object> request, CorrelationId id) {
        ReplySettings.Headers names = settings.headers();
        var metadata = given(request)
                .addHeaders(
                        new RecordHeader(names.correlationId(), id.toBytes()),
                        new RecordHeader(names.topic(), settings.topic().getBytes(StandardCharsets.UTF_8)));
        if (settings.isOnePartition()) {
            metadata.addHeaders(
                    new RecordHeader(names.partition(), KafkaRequestReply.replyPartitionToBytes(settings.partition())));
        }
        return request.addMetadata(metadata.build());
    }

    @SuppressWarnings("unchecked")
    private static OutgoingKafkaRecordMetadataBuilder<Object> given(Message<Object> request) {
        return request.getMetadata(OutgoingKafkaRecordMetadata.class)
                .map(given -> OutgoingKafkaRecordMetadata.from((OutgoingKafkaRecordMetadata<Object>) given))
                .orElseGet(OutgoingKafkaRecordMetadata::builder);
    }

    private Uni<Message<Object>> checked(Message<Object> reply) {
        Optional<Throwable> failure =
                failures.map(handler -> handler.handleReply((KafkaRecord<?, ?>) (Message<?>) reply));
        return failure.isPresent()
                ? Uni.createFrom().failure(failure.get())
                : Uni.createFrom().item(reply);
    }

    // --- replies

    private void onMessage(Message<?> message) {
        if (message instanceof KafkaRecordBatch<?, ?> batch) {
            batch.getRecords().forEach(this::onReply);
        } else {
            onReply((KafkaRecord<?, ?>) message);
        }
        message.ack().whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.debugf(failure, "A reply to the channel '%s' was not acknowledged", name);
            }
        });
    }

    @SuppressWarnings("unchecked")
    private void onReply(KafkaRecord<?, ?> record) {
        Header id = record.getHeaders().lastHeader(settings.headers().correlationId());
        boolean isRequest = record.getHeaders().lastHeader(settings.headers().topic()) != null;
        if (id == null || isRequest) {
            return;
        }
        AwaitedReply request = awaited.get(correlations.parse(id.value()));
        if (request != null) {
            request.replies().emit((Message<Object>) (Message<?>) record);
        } else {
            LOG.debugf(
                    "The channel '%s' waits no more for a reply that came to %s-%d, or never did",
                    name, record.getTopic(), record.getPartition());
        }
    }

    /** No reply comes any more: nobody is to wait for the end of the time to learn it. */
    private void onFailure(Throwable failure) {
        LOG.errorf(failure, "The channel '%s' reads no more replies from the topic %s", name, settings.topic());
        awaited.values().forEach(request -> request.replies().fail(failure));
    }

    @Override
    public Map<CorrelationId, PendingReply> getPendingReplies() {
        return Map.copyOf(awaited);
    }

    // --- where replies are read

    @Override
    public Uni<Set<TopicPartition>> waitForAssignments() {
        return reading(consumer -> settings.assigned().isEmpty() ? ofTopic(consumer) : settings.assigned());
    }

    private Set<TopicPartition> ofTopic(Consumer<?, ?> consumer) {
        return consumer.partitionsFor(settings.topic()).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .collect(Collectors.toSet());
    }

    @Override
    public Uni<Set<TopicPartition>> waitForAssignments(Collection<TopicPartition> partitions) {
        return reading(consumer -> Set.copyOf(partitions));
    }

    /** Assigned, and with a position: what is written from now on is read. */
    private Uni<Set<TopicPartition>> reading(Function<Consumer<?, ?>, Set<TopicPartition>> wanted) {
        return source.consumer()
                .runOnPollingThread((Consumer<Object, Object> consumer) -> {
                    Set<TopicPartition> partitions = wanted.apply(consumer);
                    if (!consumer.assignment().containsAll(partitions)) {
                        return Set.<TopicPartition>of();
                    }
                    partitions.forEach(partition -> consumer.position(partition, POSITION_TIMEOUT));
                    return partitions;
                })
                .onFailure(KafkaException.class)
                .recoverWithItem(failure -> {
                    LOG.debugf(failure, "The channel '%s' does not read replies yet", name);
                    return Set.of();
                })
                .repeat()
                .withDelay(LOOK_AGAIN)
                .whilst(Set::isEmpty)
                .filter(partitions -> !partitions.isEmpty())
                .toUni();
    }

    @Override
    public KafkaConsumer<?, Object> getConsumer() {
        return source.consumer();
    }

    // --- the end

    /** Until no reply is waited for; each request has a time of its own, so that takes no longer than theirs. */
    Uni<Void> finish() {
        return Uni.createFrom()
                .item(() -> !settings.isGraceful() || awaited.isEmpty())
                .repeat()
                .withDelay(LOOK_AGAIN)
                .whilst(isDone -> !isDone)
                .collect()
                .last()
                .ifNoItem()
                .after(settings.timeout())
                .recoverWithItem(false)
                .replaceWithVoid();
    }

    /** No request is taken any more. Who still waits has a reply by the end of its time, or an end instead. */
    @Override
    public void complete() {
        if (isCompleted.compareAndSet(false, true)) {
            if (!isCancelled()) {
                super.complete();
            }
            finish().emitOn(Infrastructure.getDefaultExecutor()).subscribe().with(done -> end());
        }
    }

    private void end() {
        List.copyOf(awaited.values()).forEach(AwaitedReply::complete);
        source.closing().run();
    }
}
