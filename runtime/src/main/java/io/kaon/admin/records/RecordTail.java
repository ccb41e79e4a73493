// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import io.kaon.admin.AdminException;
import io.kaon.admin.records.TopicReads.Wait;
import io.kaon.common.ErrorCode;
import io.kaon.record.MalformedBatchException;
import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordIterator;
import io.kaon.record.RecordLimits;
import io.kaon.wire.message.FetchResponse;
import io.kaon.wire.message.FetchResponse.FetchableTopicResponse;
import io.kaon.wire.message.FetchResponse.PartitionData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * What is appended to a topic from now on. {@link #next} is called when the stage before is done and the reader has room:
 * nothing is read ahead, and who has fallen behind is told how much was left out and goes on at the end. No thread is held
 * while nothing comes.
 */
public final class RecordTail implements AutoCloseable {
    /** Records that come one by one are handed out together, twenty times a second. */
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(50);
    /** An answer without records after so long: the reader can find out that its connection is gone. */
    private static final Wait WAIT = new Wait(1000, 1 << 20);
    /** What one answer may take in memory. */
    private static final long MAX_BYTES = 4L << 20;
    /** Who is further behind than this many seconds' worth of records goes on at the end. */
    private static final int MAX_LAG_SECONDS = 2;

    private static final Set<ErrorCode> PASSING =
            Set.of(ErrorCode.LEADER_NOT_AVAILABLE, ErrorCode.NOT_LEADER_OR_FOLLOWER);

    private final TopicReads reads;
    private final TailQuery query;
    private final RecordLimits limits;
    private final Executor threads;
    private final LongSupplier nanos;
    private final RatePermits permits;
    /** Offsets by partition; the one that was read last stands last, so that all get their turn. */
    private final Map<Integer, Long> positions = new LinkedHashMap<>();

    private boolean hasBegun;
    private long lastNs;

    RecordTail(TopicReads reads, TailQuery query, RecordLimits limits, Executor threads, LongSupplier nanos) {
        this.reads = reads;
        this.query = query;
        this.limits = limits;
        this.threads = threads;
        this.nanos = nanos;
        this.lastNs = nanos.getAsLong() - PAUSE_NS;
        this.permits = new RatePermits(query.rate(), nanos.getAsLong());
    }

    /**
     * What came.
     *
     * @param skipped records that were left out because there were too many
     */
    public record Batch(List<ShownRecord> records, long skipped) {
        public Batch {
            records = List.copyOf(records);
        }
    }

    /** What came since the last call, maybe nothing. The first stage is done when the tail stands at the end. */
    public CompletionStage<Batch> next() {
        if (!hasBegun) {
            return CompletableFuture.supplyAsync(this::begin, threads);
        }
        long pauseNs = PAUSE_NS - (nanos.getAsLong() - lastNs);
        CompletableFuture<Void> pause = pauseNs <= 0
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.runAsync(
                        () -> {}, CompletableFuture.delayedExecutor(pauseNs, TimeUnit.NANOSECONDS));
        return pause.thenCompose(rested -> reads.fetchLater(positions, WAIT)).thenApplyAsync(this::batch, threads);
    }

    private Batch begin() {
        int count = reads.partitions();
        List<Integer> partitions = query.partition().isPresent()
                ? List.of(query.partition().getAsInt())
                : IntStream.range(0, count).boxed().toList();
        positions.putAll(reads.offsets(partitions, TopicReads.LATEST));
        hasBegun = true;
        return new Batch(List.of(), 0);
    }

    private Batch batch(FetchResponse answer) {
        lastNs = nanos.getAsLong();
        permits.refill(lastNs);
        Taken taken = new Taken();
        for (FetchableTopicResponse topic : answer.responses()) {
            for (PartitionData data : topic.partitions()) {
                read(data, taken);
            }
        }
        return new Batch(taken.records, taken.skipped);
    }

    private static final class Taken {
        private final List<ShownRecord> records = new ArrayList<>();
        private long bytes;
        private long skipped;
    }

    private void read(PartitionData data, Taken taken) {
        int partition = data.partitionIndex();
        ErrorCode error = ErrorCode.of(data.errorCode());
        if (error == ErrorCode.OFFSET_OUT_OF_RANGE) {
            positions.putAll(reads.offsets(List.of(partition), TopicReads.LATEST));
            return;
        }
        if (PASSING.contains(error)) {
            return;
        }
        if (error != ErrorCode.NONE) {
            throw new AdminException(error, null);
        }
        Piece piece = Piece.of(data, reads.isolation());
        long before = positions.get(partition);
        long position = before;
        try {
            RecordLens lens = new RecordLens(
                    query.topic(),
                    partition,
                    limits,
                    query.search(),
                    query.showing().maxBytes());
            for (RecordBatch batch : piece.batches()) {
                if (piece.isVisible(batch) && batch.nextOffset() > position) {
                    look(lens, batch, position, taken);
                }
                position = Math.max(position, batch.nextOffset());
            }
        } catch (MalformedBatchException malformed) {
            throw new AdminException(
                    ErrorCode.CORRUPT_MESSAGE,
                    "A batch of the topic " + query.topic() + " cannot be read: " + malformed.getMessage());
        }
        long behind = piece.endOffset() - position;
        if (behind > (long) query.rate() * MAX_LAG_SECONDS) {
            taken.skipped += behind;
            position = piece.endOffset();
        }
        if (position > before) {
            positions.remove(partition);
            positions.put(partition, position);
        }
    }

    private void look(RecordLens lens, RecordBatch batch, long from, Taken taken) {
        try (RecordIterator records = lens.records(batch, from)) {
            while (records.hasNext()) {
                Record record = records.next();
                if (record.offset() < from || !lens.isMatch(record)) {
                    continue;
                }
                if (taken.bytes < MAX_BYTES && permits.take()) {
                    ShownRecord shown = lens.show(record, batch.timestampType());
                    taken.records.add(shown);
                    taken.bytes += shown.heldBytes();
                } else {
                    taken.skipped++;
                }
            }
        }
    }

    /** Ends it; a stage that waits fails. Any thread; idempotent. */
    @Override
    public void close() {
        reads.close();
    }
}
