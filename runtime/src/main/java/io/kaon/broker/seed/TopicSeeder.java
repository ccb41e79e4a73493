// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker.seed;

import static io.kaon.common.Checks.require;

import io.kaon.common.ErrorCode;
import io.kaon.network.InJvmCaller;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.telemetry.LongWork;
import io.kaon.wire.message.ProduceResponse.PartitionProduceResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Puts the records of a file into a topic that never held one. The whole file is read before the first record is
 * written, so that a bad line leaves nothing behind; then it is read again and written in small batches. Memory: one
 * batch for each partition, and the longest line. Used once, by one thread that may block.
 */
public final class TopicSeeder {
    private static final Logger LOG = Logger.getLogger(TopicSeeder.class);
    /** Below the least that a topic's {@code max.message.bytes} is in practice; a record that is larger goes alone. */
    private static final int BATCH_BYTES = 64 * 1024;
    /** Waiting records of all partitions together: a topic with thousands of partitions must not hold thousands of batches. */
    private static final long MAX_WAITING_BYTES = 16 * 1024 * 1024;

    private final TopicCalls calls;
    private final String topic;
    private final RecordsFile file;
    private final SeedMark mark;
    private final LongSupplier clock;
    private final LongWork longWork;
    private final List<Waiting> partitions = new ArrayList<>();
    private long waitingBytes;
    private int nextWithoutKey;
    private long checked;
    private long written;

    /**
     * @param mark tells whether a seeding of this topic was cut short
     * @param clock milliseconds since 1970, for records without a timestamp
     * @param longWork where is told how far it is
     */
    public TopicSeeder(
            InJvmCaller caller, String topic, RecordsFile file, SeedMark mark, LongSupplier clock, LongWork longWork) {
        this.calls = new TopicCalls(caller, topic);
        this.topic = topic;
        this.file = file;
        this.mark = mark;
        this.clock = clock;
        this.longWork = longWork;
    }

    private static final class Waiting {
        final List<SeedRecord> records = new ArrayList<>();
        int bytes;
    }

    /**
     * @return how many records were written: 0 when the topic has held one before
     * @throws IllegalArgumentException when a line is wrong: file, line, what is wrong and what is expected
     * @throws RecordsFileException when the file cannot be read or the broker does not take the records
     */
    public long seed() {
        int count = calls.partitions();
        if (mark.isThere()) {
            LOG.warnf("The seeding of the topic %s was cut short: it begins anew", topic);
            return seedAnew();
        }
        if (calls.hasEverHeldRecords(count)) {
            LOG.infof("The topic %s already holds records: %s is not read", topic, file);
            return 0;
        }
        file.forEach(record -> check(record, count));
        return write(count);
    }

    /** As {@link #seed}, but the records that the topic holds are deleted first, unless it is compacted. */
    public long seedAnew() {
        int count = calls.partitions();
        file.forEach(record -> check(record, count));
        mark.set();
        if (!calls.deleteRecords(count)) {
            LOG.infof("The topic %s is compacted: the records of %s come after those it holds", topic, file);
        }
        return write(count);
    }

    private long write(int count) {
        long startNs = System.nanoTime();
        LongWork.Task task = longWork.begin("seeding", "topic " + topic, LongWork.Amount.of("records", checked));
        try {
            mark.set();
            for (int partition = 0; partition < count; partition++) {
                partitions.add(new Waiting());
            }
            file.forEach(record -> {
                add(record);
                task.progress(written);
            });
            sendAll();
            mark.remove();
            task.progress(written);
            task.end();
        } catch (RuntimeException failure) {
            task.fail(failure.getMessage());
            throw failure;
        }
        LOG.infof(
                "The topic %s was seeded with %d records of %s in %d ms",
                topic, written, file, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
        return written;
    }

    private void check(SeedRecord record, int count) {
        require(
                record.partition() < count,
                "there is no partition %s: the topic %s has %s, counted from 0",
                record.partition(),
                topic,
                count);
        checked++;
    }

    private void add(SeedRecord record) {
        int partition = partitionOf(record);
        Waiting waiting = partitions.get(partition);
        int size = record.sizeInBytes();
        if (waiting.bytes + size > BATCH_BYTES) {
            send(partition);
        }
        waiting.records.add(record);
        waiting.bytes += size;
        waitingBytes += size;
        if (waitingBytes > MAX_WAITING_BYTES) {
            sendAll();
        }
    }

    private int partitionOf(SeedRecord record) {
        if (record.partition() != SeedRecord.NO_PARTITION) {
            return record.partition();
        }
        if (record.key() != null) {
            return KeyHash.partitionOf(record.key(), partitions.size());
        }
        nextWithoutKey = (nextWithoutKey + 1) % partitions.size();
        return nextWithoutKey;
    }

    private void sendAll() {
        for (int partition = 0; partition < partitions.size(); partition++) {
            send(partition);
        }
    }

    private void send(int partition) {
        Waiting waiting = partitions.get(partition);
        if (!waiting.records.isEmpty()) {
            write(partition, waiting.records);
        }
        waitingBytes -= waiting.bytes;
        waiting.records.clear();
        waiting.bytes = 0;
    }

    private void write(int partition, List<SeedRecord> records) {
        PartitionProduceResponse answer = calls.produce(partition, batchOf(records));
        ErrorCode error = ErrorCode.of(answer.errorCode());
        if (error == ErrorCode.MESSAGE_TOO_LARGE && records.size() > 1) {
            records.forEach(record -> write(partition, List.of(record)));
            return;
        }
        if (error != ErrorCode.NONE) {
            throw new RecordsFileException(refusal(answer, error, records));
        }
        written += records.size();
    }

    private String refusal(PartitionProduceResponse answer, ErrorCode error, List<SeedRecord> records) {
        int index = answer.recordErrors().stream()
                .mapToInt(refused -> refused.batchIndex())
                .filter(place -> place >= 0 && place < records.size())
                .findFirst()
                .orElse(0);
        String reason = answer.errorMessage() == null ? "" : ": " + answer.errorMessage();
        return file + ":" + records.get(index).line() + ": the topic " + topic + " does not take this record (" + error
                + reason + ")";
    }

    private ByteBuffer batchOf(List<SeedRecord> records) {
        RecordBatchBuilder batch = RecordBatchBuilder.uncompressed();
        for (SeedRecord record : records) {
            long timestampMs =
                    record.timestampMs() == SeedRecord.NO_TIMESTAMP ? clock.getAsLong() : record.timestampMs();
            batch.append(timestampMs, wrap(record.key()), wrap(record.value()), record.headers());
        }
        return batch.build();
    }

    private static ByteBuffer wrap(byte[] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }
}
