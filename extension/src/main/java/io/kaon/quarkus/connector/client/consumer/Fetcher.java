// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.quarkus.connector.client.BrokerCalls;
import io.kaon.quarkus.connector.client.Deadline;
import io.kaon.quarkus.connector.client.consumer.ConsumedPartition.FetchedRecord;
import io.kaon.quarkus.connector.client.consumer.ConsumerSettings.FetchSettings;
import io.kaon.record.BatchReader;
import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordIterator;
import io.kaon.record.RecordLimits;
import io.kaon.record.TimestampType;
import io.kaon.record.codec.StandardCodecs;
import io.kaon.wire.RecordBytes;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.FetchResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jboss.logging.Logger;

/**
 * Keeps one fetch under way for all partitions that can take records, and lays what it brings into them. Owned by the
 * thread that polls; the answer arrives on another one and only rings the bell.
 */
final class Fetcher {
    private static final Logger LOG = Logger.getLogger(Fetcher.class);
    private static final RecordLimits LIMITS = RecordLimits.of(new StandardCodecs());
    private static final int CONSUMER = -1;
    private static final long RETRY_MS = 100;

    private final Supplier<BrokerCalls> open;
    private final FetchSettings settings;
    private final IsolationLevel isolation;
    private final ConsumerMetrics metrics;
    private final Runnable bell;
    private Optional<Flight> flight = Optional.empty();
    private BrokerCalls calls;

    /**
     * @param open a way into the broker for fetches alone; another one when a fetch has no answer in time
     * @param bell wakes the thread that polls; called by any thread
     */
    Fetcher(
            Supplier<BrokerCalls> open,
            FetchSettings settings,
            IsolationLevel isolation,
            ConsumerMetrics metrics,
            Runnable bell) {
        this.open = open;
        this.calls = open.get();
        this.settings = settings;
        this.isolation = isolation;
        this.metrics = metrics;
        this.bell = bell;
    }

    /** A fetch under way, where it was to begin in each partition, when it was answered, and when it should have been. */
    private record Flight(
            CompletableFuture<FetchResponse> answer,
            Map<TopicPartition, Long> from,
            AtomicLong latencyNs,
            Deadline deadline) {
        boolean isOverdue() {
            return !answer.isDone() && deadline.hasPassed();
        }
    }

    /** What a fetch has brought. */
    private record Catch(long bytes, long records) {
        static final Catch NOTHING = new Catch(0, 0);

        Catch plus(Catch more) {
            return new Catch(bytes + more.bytes, records + more.records);
        }
    }

    /** Takes in what has come, and sends the next fetch if there is something to fetch. */
    void progress(Map<TopicPartition, ConsumedPartition> partitions) {
        if (flight.filter(Flight::isOverdue).isPresent()) {
            LOG.warnf("A fetch had no answer in %d ms, request.timeout.ms; it is tried again", settings.patienceMs());
            close(); // What it brings after all is given back; by that way no other fetch would start before.
            calls = open.get();
        }
        if (flight.filter(under -> under.answer().isDone()).isPresent()) {
            Flight landed = flight.get();
            flight = Optional.empty();
            take(landed, partitions);
        }
        if (flight.isEmpty()) {
            List<ConsumedPartition> ready = partitions.values().stream()
                    .filter(ConsumedPartition::isReadyToFetch)
                    .toList();
            if (!ready.isEmpty()) {
                flight = Optional.of(send(ready));
            }
        }
    }

    private Flight send(Collection<ConsumedPartition> ready) {
        Map<TopicPartition, Long> from = new HashMap<>();
        Map<String, FetchRequest.FetchTopic> topics = new LinkedHashMap<>(); // The first ones may fill the answer.
        for (ConsumedPartition partition : ready) {
            from.put(partition.id(), partition.position());
            topics.computeIfAbsent(
                            partition.id().topic(),
                            name -> new FetchRequest.FetchTopic().setTopic(name).setPartitions(new ArrayList<>()))
                    .partitions()
                    .add(new FetchRequest.FetchPartition()
                            .setPartition(partition.id().partition())
                            .setFetchOffset(partition.position())
                            .setPartitionMaxBytes(settings.partitionMaxBytes()));
        }
        FetchRequest request = new FetchRequest()
                .setReplicaId(CONSUMER)
                .setMaxWaitMs(settings.maxWaitMs())
                .setMinBytes(settings.minBytes())
                .setMaxBytes(settings.maxBytes())
                .setIsolationLevel(isolation.id())
                .setSessionId(0)
                .setSessionEpoch(-1)
                .setTopics(new ArrayList<>(topics.values()));
        long sentNs = System.nanoTime();
        AtomicLong latencyNs = new AtomicLong();
        CompletableFuture<FetchResponse> answer = calls.call(FetchResponse.class, request);
        answer.whenComplete((response, failure) -> {
            latencyNs.set(System.nanoTime() - sentNs);
            bell.run();
        });
        return new Flight(answer, from, latencyNs, Deadline.inMs(settings.patienceMs()));
    }

    private void take(Flight landed, Map<TopicPartition, ConsumedPartition> partitions) {
        if (landed.answer().isCompletedExceptionally()) {
            LOG.debug("A fetch failed, it is tried again");
            partitions.values().forEach(partition -> partition.retryIn(RETRY_MS));
            return;
        }
        Catch caught = Catch.NOTHING;
        for (FetchResponse.FetchableTopicResponse topic : landed.answer().join().responses()) {
            for (FetchResponse.PartitionData data : topic.partitions()) {
                TopicPartition id = new TopicPartition(topic.topic(), data.partitionIndex());
                ConsumedPartition partition = partitions.get(id);
                // Revoked, or moved by a seek, while the fetch was under way: what it brought is not wanted.
                boolean isWanted = partition != null
                        && partition.hasPosition()
                        && partition.position() == landed.from().getOrDefault(id, -1L);
                if (isWanted) {
                    caught = caught.plus(take(data, partition));
                } else if (data.records() != null) {
                    data.records().release();
                }
            }
        }
        long latencyMs = TimeUnit.NANOSECONDS.toMillis(landed.latencyNs().get());
        metrics.onFetched(latencyMs, caught.bytes(), caught.records());
    }

    private Catch take(FetchResponse.PartitionData data, ConsumedPartition partition) {
        RecordBytes bytes = data.records();
        try {
            Errors error = Errors.forCode(data.errorCode());
            if (error != Errors.NONE) {
                onError(error, partition);
                return Catch.NOTHING;
            }
            partition.onBounds(
                    data.logStartOffset(), isCommittedOnly() ? data.lastStableOffset() : data.highWatermark());
            metrics.onBounds(partition);
            if (bytes == null || bytes.sizeInBytes() == 0) {
                return Catch.NOTHING;
            }
            lay(bytes, abortedIn(data), partition);
            return new Catch(bytes.sizeInBytes(), partition.recordCount());
        } finally {
            if (bytes != null) {
                bytes.release();
            }
        }
    }

    private boolean isCommittedOnly() {
        return isolation == IsolationLevel.READ_COMMITTED;
    }

    private AbortedRecords abortedIn(FetchResponse.PartitionData data) {
        boolean isAny = isCommittedOnly() && data.abortedTransactions() != null;
        return new AbortedRecords(isAny ? data.abortedTransactions() : List.of(), LIMITS);
    }

    private static void lay(RecordBytes bytes, AbortedRecords aborted, ConsumedPartition partition) {
        long next = partition.position();
        // The last batch may be cut: it comes again with the next fetch.
        for (RecordBatch batch : BatchReader.split(copyOf(bytes)).batches()) {
            if (!aborted.contain(batch) && !batch.isControl()) {
                lay(batch, next, partition);
            }
            next = Math.max(next, batch.nextOffset());
        }
        if (!partition.hasRecords()) {
            partition.skipTo(next);
        }
    }

    private static void lay(RecordBatch batch, long from, ConsumedPartition partition) {
        boolean isLogAppendTime = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
        try (RecordIterator records = batch.records(LIMITS)) {
            while (records.hasNext()) {
                Record record = records.next();
                if (record.offset() >= from) {
                    partition.add(new FetchedRecord(record, batch.partitionLeaderEpoch(), isLogAppendTime));
                }
            }
        }
    }

    /** Records live on in the partition when the broker's buffer has been given back. */
    private static ByteBuffer copyOf(RecordBytes bytes) {
        ByteBuffer source = bytes.toBuffer();
        return ByteBuffer.allocate(source.remaining()).put(source).flip();
    }

    private static void onError(Errors error, ConsumedPartition partition) {
        if (error == Errors.OFFSET_OUT_OF_RANGE) {
            LOG.infof("Offset %d of %s is gone", partition.position(), partition.id());
            partition.forgetPosition();
        } else {
            LOG.debugf("Fetching %s: %s, it is tried again", partition.id(), error);
            partition.retryIn(RETRY_MS);
        }
    }

    /** Gives back what may still come. */
    void close() {
        flight.ifPresent(under -> under.answer().thenAccept(response -> response.responses()
                .forEach(topic -> topic.partitions().forEach(data -> {
                    if (data.records() != null) {
                        data.records().release();
                    }
                }))));
        flight = Optional.empty();
        calls.close();
    }
}
