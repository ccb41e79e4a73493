// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import io.kaon.admin.AdminException;
import io.kaon.broker.seed.SeedLineWriter;
import io.kaon.common.ErrorCode;
import io.kaon.exec.SerialExecutor;
import io.kaon.record.MalformedBatchException;
import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordIterator;
import io.kaon.record.RecordLimits;
import io.kaon.telemetry.LongWork;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

/**
 * The records of a topic as a records file, piece by piece: the next piece is made when somebody asks for it, so a slow
 * reader costs nothing but time. {@link #next} is called when the stage before is done; {@link #close} at any time, by any
 * thread. Its state is owned by {@code owner}.
 */
public final class RecordExport implements AutoCloseable {
    /** A piece is handed out when it has so many bytes; one record more may be in it. */
    private static final int PIECE_BYTES = 128 * 1024;

    private static final int FETCH_BYTES = 1 << 20;

    private final TopicReads reads;
    private final ExportQuery query;
    private final RecordLimits limits;
    private final SerialExecutor owner;
    private final LongWork.Task task;
    private final Deque<Range> ranges = new ArrayDeque<>();
    private boolean hasBegun;
    private long done;
    private Reading reading;
    private volatile boolean isClosed;

    RecordExport(TopicReads reads, ExportQuery query, RecordLimits limits, Executor threads, LongWork.Task task) {
        this.reads = reads;
        this.query = query;
        this.limits = limits;
        this.owner = SerialExecutor.withAway("an export of " + query.topic(), threads, threads);
        this.task = task;
    }

    /** What is left of a partition. */
    private static final class Range {
        private final RecordLens lens;
        private final long end;
        private long position;

        Range(RecordLens lens, long position, long end) {
            this.lens = lens;
            this.position = position;
            this.end = end;
        }
    }

    /** Where it is in what was fetched. */
    private static final class Reading {
        private final Piece piece;
        private final Iterator<RecordBatch> batches;
        private RecordBatch batch;
        private RecordIterator records;

        Reading(Piece piece) {
            this.piece = piece;
            this.batches = piece.batches().iterator();
        }

        void closeBatch() {
            if (records != null) {
                records.close();
                records = null;
            }
        }
    }

    /**
     * The next lines, UTF-8; empty when all were given.
     *
     * @return fails with {@link AdminException}; the export is over then
     */
    public CompletionStage<Optional<byte[]>> next() {
        CompletableFuture<Optional<byte[]>> next = new CompletableFuture<>();
        owner.executeAway(() -> {
            try {
                next.complete(piece());
            } catch (RuntimeException failure) {
                next.completeExceptionally(failure);
            }
        });
        return next;
    }

    private Optional<byte[]> piece() {
        try {
            if (isClosed) {
                return Optional.empty();
            }
            begin();
            ByteArrayOutputStream lines = new ByteArrayOutputStream(PIECE_BYTES + PIECE_BYTES / 4);
            while (lines.size() < PIECE_BYTES && !ranges.isEmpty() && !isClosed) {
                advance(lines);
            }
            task.progress(done);
            if (lines.size() > 0) {
                return Optional.of(lines.toByteArray());
            }
            task.end();
            close();
            return Optional.empty();
        } catch (MalformedBatchException malformed) {
            throw failed(new AdminException(
                    ErrorCode.CORRUPT_MESSAGE,
                    "A batch of the topic " + query.topic() + " cannot be read: " + malformed.getMessage()));
        } catch (IOException impossible) {
            throw failed(new AdminException(ErrorCode.UNKNOWN_SERVER_ERROR, impossible.toString()));
        } catch (RuntimeException failure) {
            throw failed(failure);
        }
    }

    private RuntimeException failed(RuntimeException failure) {
        task.fail(failure.getMessage());
        close();
        return failure;
    }

    private void begin() {
        if (hasBegun) {
            return;
        }
        hasBegun = true;
        int count = reads.partitions();
        List<Integer> partitions = query.partition().isPresent()
                ? List.of(query.partition().getAsInt())
                : IntStream.range(0, count).boxed().toList();
        Map<Integer, Long> earliest = reads.offsets(partitions, TopicReads.EARLIEST);
        Map<Integer, Long> latest = reads.offsets(partitions, TopicReads.LATEST);
        Map<Integer, Long> from =
                query.from().map(at -> at(at, partitions, latest)).orElse(earliest);
        Map<Integer, Long> to = query.to().map(at -> at(at, partitions, latest)).orElse(latest);
        long total = 0;
        for (int partition : partitions) {
            long start = Math.max(earliest.get(partition), from.get(partition));
            long end = Math.min(latest.get(partition), to.get(partition));
            if (start < end) {
                RecordLens lens = new RecordLens(query.topic(), partition, limits, Optional.empty(), 1);
                ranges.add(new Range(lens, start, end));
                total += end - start;
            }
        }
        task.expect(total);
    }

    private Map<Integer, Long> at(Position position, List<Integer> partitions, Map<Integer, Long> latest) {
        if (position instanceof Position.AtTimestamp time) {
            Map<Integer, Long> found = reads.offsets(partitions, time.timestampMs());
            found.replaceAll((partition, offset) -> offset < 0 ? latest.get(partition) : offset);
            return found;
        }
        Map<Integer, Long> offsets = new TreeMap<>(latest);
        offsets.replaceAll((partition, end) -> ((Position.AtOffset) position).offset());
        return offsets;
    }

    /** One step: fetches, opens the next batch, or writes a record. */
    private void advance(ByteArrayOutputStream lines) throws IOException {
        Range range = ranges.peek();
        if (range.position >= range.end) {
            endRange();
        } else if (reading == null) {
            reading = new Reading(reads.fetch(range.lens.partition(), range.position, FETCH_BYTES));
            if (reading.piece.batches().isEmpty()) {
                endRange(); // The end was cut off meanwhile.
            }
        } else if (reading.records != null) {
            writeRecord(range, lines);
        } else if (reading.batches.hasNext()) {
            open(range, reading.batches.next());
        } else {
            reading = null;
        }
    }

    private void open(Range range, RecordBatch batch) {
        boolean isVisible = reading.piece.isVisible(batch);
        if (batch.nextOffset() <= range.position) {
            return;
        }
        if (isVisible && batch.count() > 0) {
            reading.batch = batch;
            reading.records = range.lens.records(batch, range.position);
        } else {
            moveTo(range, batch.nextOffset());
        }
    }

    private void writeRecord(Range range, ByteArrayOutputStream lines) throws IOException {
        if (!reading.records.hasNext()) {
            reading.closeBatch();
            moveTo(range, reading.batch.nextOffset());
            return;
        }
        Record record = reading.records.next();
        if (record.offset() >= range.end) {
            endRange();
        } else if (record.offset() >= range.position) {
            SeedLineWriter.write(range.lens.partition(), record, lines);
            moveTo(range, record.offset() + 1);
        }
    }

    private void moveTo(Range range, long offset) {
        long next = Math.min(range.end, offset);
        done += next - range.position;
        range.position = next;
    }

    private void endRange() {
        Range range = ranges.poll();
        done += Math.max(0, range.end - range.position);
        endReading();
    }

    private void endReading() {
        if (reading != null) {
            reading.closeBatch();
            reading = null;
        }
    }

    /** Ends it early, or does nothing when it has ended. */
    @Override
    public void close() {
        isClosed = true;
        task.fail("nobody read it to its end");
        reads.close();
        owner.executeAway(this::release);
    }

    private void release() {
        endReading();
        ranges.clear();
    }
}
