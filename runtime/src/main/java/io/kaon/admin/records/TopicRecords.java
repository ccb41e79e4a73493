// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import io.kaon.admin.AdminException;
import io.kaon.broker.Broker;
import io.kaon.common.ErrorCode;
import io.kaon.network.InJvmCaller;
import io.kaon.record.MalformedBatchException;
import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordIterator;
import io.kaon.record.RecordLimits;
import io.kaon.telemetry.LongWork;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The records of a broker's topics, for people: pages, single records. Any thread may ask; the reading is done on the
 * broker's threads for administration, a few readings at a time, each bounded in memory and time. Stages complete there.
 * They fail with {@link AdminException}, or {@link IllegalArgumentException} for a question that has no sense.
 */
public final class TopicRecords {
    private static final String CLIENT_ID = "kaon-admin-records";
    private static final int RECORD_FETCH_BYTES = 16 * 1024;

    private final Function<String, InJvmCaller> connections;
    private final Executor threads;
    private final Supplier<RecordLimits> limits;
    private final LongWork longWork;

    private TopicRecords(Broker broker) {
        this.connections = broker::connect;
        this.threads = broker.adminThreads();
        this.limits = broker::recordLimits;
        this.longWork = broker.longWork();
    }

    /** The records of this broker. Cheap; nothing to close. */
    public static TopicRecords of(Broker broker) {
        return new TopicRecords(broker);
    }

    /** A page of records. */
    public CompletionStage<RecordPage> page(PageQuery query) {
        return reading(query.topic(), query.showing().isolation(), reads -> new PageReader(
                        reads, query, limits.get(), System::nanoTime)
                .read());
    }

    /** One record, also of a transaction that is open or was aborted; empty when there is none (any more). */
    public CompletionStage<Optional<ShownRecord>> record(RecordPlace place, int maxBytes) {
        return found(place, (batch, record) -> ShownRecord.of(place, batch.timestampType(), record, maxBytes));
    }

    /** The same with all its bytes. */
    public CompletionStage<Optional<Record>> whole(RecordPlace place) {
        return found(place, (batch, record) -> record);
    }

    /** How many partitions a topic has; fails when there is no such topic. */
    public CompletionStage<Integer> partitions(String topic) {
        return reading(topic, Isolation.READ_UNCOMMITTED, TopicReads::partitions);
    }

    /** The records as a records file; to be closed. What is wrong with the question shows with the first piece. */
    public RecordExport export(ExportQuery query) {
        LongWork.Task task = longWork.begin("export", "topic " + query.topic(), LongWork.Amount.unknown("records"));
        return new RecordExport(reads(query.topic(), query.isolation()), query, limits.get(), threads, task);
    }

    /** What is appended from now on; to be closed. What is wrong with the question shows with the first batch. */
    public RecordTail tail(TailQuery query) {
        return new RecordTail(
                reads(query.topic(), query.showing().isolation()), query, limits.get(), threads, System::nanoTime);
    }

    private TopicReads reads(String topic, Isolation isolation) {
        return new TopicReads(connections.apply(CLIENT_ID), topic, isolation);
    }

    private interface View<T> {
        T of(RecordBatch batch, Record record);
    }

    private <T> CompletionStage<Optional<T>> found(RecordPlace place, View<T> view) {
        return reading(place.topic(), Isolation.READ_UNCOMMITTED, reads -> find(reads, place, view));
    }

    private <T> Optional<T> find(TopicReads reads, RecordPlace place, View<T> view) {
        int count = reads.partitions();
        if (place.partition() >= count) {
            throw new AdminException(
                    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                    "The topic " + place.topic() + " has no partition " + place.partition() + ".");
        }
        RecordLens lens = new RecordLens(place.topic(), place.partition(), limits.get(), Optional.empty(), 1);
        try {
            Piece piece = reads.fetch(place.partition(), place.offset(), RECORD_FETCH_BYTES);
            for (RecordBatch batch : piece.batches()) {
                if (batch.baseOffset() <= place.offset() && place.offset() < batch.nextOffset() && !batch.isControl()) {
                    return findIn(batch, place.offset(), lens).map(record -> view.of(batch, record));
                }
            }
            return Optional.empty();
        } catch (AdminException refused) {
            if (refused.code() == ErrorCode.OFFSET_OUT_OF_RANGE) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    private static Optional<Record> findIn(RecordBatch batch, long offset, RecordLens lens) {
        try (RecordIterator records = lens.records(batch, offset)) {
            return records.hasNext()
                    ? Optional.of(records.next()).filter(record -> record.offset() == offset)
                    : Optional.empty();
        }
    }

    private <T> CompletionStage<T> reading(String topic, Isolation isolation, Function<TopicReads, T> work) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (TopicReads reads = reads(topic, isolation)) {
                        return work.apply(reads);
                    } catch (MalformedBatchException malformed) {
                        throw new AdminException(
                                ErrorCode.CORRUPT_MESSAGE,
                                "A batch of the topic " + topic + " cannot be read: " + malformed.getMessage());
                    }
                },
                threads);
    }
}
