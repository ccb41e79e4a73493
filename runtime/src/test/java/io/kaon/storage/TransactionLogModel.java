// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.storage.StorageFixture.join;

import io.kaon.common.ErrorCode;
import io.kaon.record.ControlRecordType;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.storage.TransactionHistory.Line;
import io.kaon.storage.TransactionHistory.Producer;
import io.kaon.storage.TransactionHistory.Transaction;
import io.kaon.storage.producer.ProducerEntry;
import io.kaon.storage.producer.TransactionMarker;
import io.kaon.storage.segment.AbortedTransaction;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A log with several transactional producers, and what is known of it from the outside: random batches, markers, late
 * and stale ones, a high watermark that lags behind, deletions, truncations, restarts and crashes.
 */
final class TransactionLogModel implements AutoCloseable {
    private static final int PRODUCERS = 5;
    private static final int MAX_RECORDS = 4;
    private static final int LEADER_EPOCH = 0;

    private final Random random;
    private final StorageFixture storage;
    private final LogOptions options;
    private final TransactionHistory history = new TransactionHistory();
    private PartitionLog log;
    private String refused = "";

    TransactionLogModel(Path directory, long seed) {
        this.random = new Random(seed);
        this.storage = new StorageFixture(directory);
        this.options = LogOptions.DEFAULT.withSegments(new SegmentOptions(
                500 + random.nextInt(2000), Long.MAX_VALUE, 1 << 20, random.nextBoolean() ? 0 : 300));
        this.log = storage.log(options);
    }

    /** Does something at random and says what. */
    String step() {
        int dice = random.nextInt(100);
        if (dice < 35) {
            return write(random.nextInt(PRODUCERS), random.nextInt(8) > 0);
        }
        if (dice < 40) {
            return writeWithoutProducer();
        }
        if (dice < 60) {
            return end(random.nextInt(PRODUCERS));
        }
        if (dice < 70) {
            return tryWhatIsRefused(random.nextInt(PRODUCERS));
        }
        if (dice < 86) {
            return advanceHighWatermark(history.offsetBetween(history.highWatermark(), history.logEnd(), random));
        }
        return endOrBegin(dice);
    }

    private String endOrBegin(int dice) {
        if (dice < 89) {
            long offset = history.offsetBetween(history.logStart(), history.highWatermark(), random);
            storage.run(() -> log.advanceLogStartOffset(offset));
            history.onLogStart(offset);
            return "delete up to " + offset;
        }
        if (dice < 92) {
            long offset = history.offsetBetween(history.highWatermark(), history.logEnd(), random);
            join(storage.inside(() -> log.truncateTo(offset)));
            history.truncate(offset);
            return adopt("truncate to " + offset);
        }
        if (dice < 94) {
            join(log.flush());
            return "flush";
        }
        if (dice < 97) {
            storage.restart();
        } else {
            storage.crash();
        }
        log = storage.log(options);
        return adopt(dice < 97 ? "restart" : "crash");
    }

    /** What the log knows of the high watermark may be old after a crash; without any, it is the log's end. */
    private String adopt(String done) {
        LogView view = log.view();
        history.onReopened(view.logStartOffset(), view.highWatermark());
        if (view.highWatermark() == view.logStartOffset()) {
            return done + ", " + advanceHighWatermark(history.logEnd());
        }
        return done;
    }

    private String advanceHighWatermark(long offset) {
        storage.run(() -> log.advanceHighWatermark(offset));
        history.onHighWatermark(offset);
        return "high watermark " + offset;
    }

    private String write(int id, boolean isTransactional) {
        Producer producer = history.producer(id);
        boolean isOfTransaction = isTransactional || producer.openFrom() >= 0;
        Line line = history.next(id, producer.epoch(), isOfTransaction, 1 + random.nextInt(MAX_RECORDS));
        return appended(line, batch(line, producer.nextSequence()), AppendOrigin.CLIENT);
    }

    private String writeWithoutProducer() {
        Line line = history.next(-1, 0, false, 1 + random.nextInt(MAX_RECORDS));
        return appended(line, batch(line, -1), AppendOrigin.CLIENT);
    }

    private String end(int id) {
        Producer producer = history.producer(id);
        boolean bumps = random.nextBoolean();
        ControlRecordType type = random.nextBoolean() ? ControlRecordType.ABORT : ControlRecordType.COMMIT;
        TransactionMarker marker = new TransactionMarker(
                id,
                (short) (producer.epoch() + (bumps ? 1 : 0)),
                type,
                Math.max(0, producer.coordinatorEpoch()) + random.nextInt(2));
        AppendOrigin origin = bumps ? AppendOrigin.COORDINATOR_BUMPING_EPOCHS : AppendOrigin.COORDINATOR;
        return appended(history.next(marker), marker.toBatch(storage.time.wallMs()), origin);
    }

    private String appended(Line line, ByteBuffer batch, AppendOrigin origin) {
        AppendResult result = append(batch, origin);
        if (!(result instanceof Appended appended) || appended.baseOffset() != line.first() || appended.duplicate()) {
            refused = line + " was not appended: " + result;
        } else {
            history.add(line);
        }
        return line.toString();
    }

    private AppendResult append(ByteBuffer batch, AppendOrigin origin) {
        return storage.inside(() -> log.append(batch, origin, LEADER_EPOCH));
    }

    private String tryWhatIsRefused(int id) {
        Producer producer = history.producer(id);
        boolean isOpen = producer.openFrom() >= 0;
        int epoch = producer.epoch();
        int coordinator = producer.coordinatorEpoch();
        if (epoch > 0) {
            expect(ErrorCode.INVALID_PRODUCER_EPOCH, marker(id, epoch - 1, coordinator), AppendOrigin.COORDINATOR);
            Line late = history.next(id, epoch - 1, true, 1);
            expect(ErrorCode.INVALID_PRODUCER_EPOCH, batch(late, 0), AppendOrigin.CLIENT);
        }
        if (isOpen) {
            expect(
                    ErrorCode.INVALID_PRODUCER_EPOCH,
                    marker(id, epoch, coordinator),
                    AppendOrigin.COORDINATOR_BUMPING_EPOCHS);
            Line outside = history.next(id, epoch, false, 1);
            expect(ErrorCode.INVALID_TXN_STATE, batch(outside, producer.nextSequence()), AppendOrigin.CLIENT);
        }
        if (coordinator > 0) {
            expect(
                    ErrorCode.TRANSACTION_COORDINATOR_FENCED,
                    marker(id, epoch, coordinator - 1),
                    AppendOrigin.COORDINATOR);
        }
        if (producer.nextSequence() > 0) {
            Line gap = history.next(id, epoch, true, 1);
            expect(
                    ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
                    batch(gap, producer.nextSequence() + 7),
                    AppendOrigin.CLIENT);
        }
        return "what is refused of producer " + id;
    }

    private static ByteBuffer marker(int id, int epoch, int coordinatorEpoch) {
        return new TransactionMarker(id, (short) epoch, ControlRecordType.ABORT, coordinatorEpoch)
                .toBatch(StorageFixture.START_MS);
    }

    private void expect(ErrorCode code, ByteBuffer batch, AppendOrigin origin) {
        AppendResult result = append(batch, origin);
        if (!(result instanceof Rejected rejected) || rejected.code() != code) {
            refused = "instead of " + code + " the log said " + result;
        }
    }

    private static ByteBuffer batch(Line line, int sequence) {
        RecordBatchBuilder builder = RecordBatchBuilder.uncompressed();
        if (line.producer() >= 0) {
            builder.producer(line.producer(), (short) line.epoch(), sequence);
        }
        if (line.isTransactional()) {
            builder.transactional();
        }
        for (long offset = line.first(); offset <= line.last(); offset++) {
            builder.append(
                    StorageFixture.START_MS,
                    null,
                    TransactionHistory.value(offset).getBytes(StandardCharsets.UTF_8));
        }
        return builder.build();
    }

    /** What the log says and should not. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        LogView view = log.view();
        compare("refusals", "", refused, problems);
        compare("log end offset", history.logEnd(), view.logEndOffset(), problems);
        compare("high watermark", history.highWatermark(), view.highWatermark(), problems);
        compare("last stable offset", history.lastStableOffset(), view.lastStableOffset(), problems);
        compare("open transactions", history.openTransactions(), openTransactions(), problems);
        if (problems.isEmpty()) {
            long from = history.offsetBetween(history.logStart(), history.lastStableOffset(), random);
            compareAborted(view, from, history.offsetBetween(from, history.lastStableOffset(), random), problems);
            compareRead(view, from, problems);
            compareRead(view, view.logStartOffset(), problems);
        }
        return problems;
    }

    private String openTransactions() {
        StringBuilder open = new StringBuilder();
        for (ProducerEntry entry : join(log.producers())) {
            if (entry.openTransactionFirstOffset() >= 0) {
                open.append(entry.producerId())
                        .append('@')
                        .append(entry.openTransactionFirstOffset())
                        .append(' ');
            }
        }
        return open.toString();
    }

    private void compareAborted(LogView view, long from, long upTo, List<String> problems) {
        List<Transaction> told = new ArrayList<>();
        for (AbortedTransaction aborted : view.abortedTransactions(from, upTo).orElseThrow()) {
            told.add(new Transaction((int) aborted.producerId(), aborted.firstOffset(), aborted.lastOffset(), true));
        }
        compare("aborted from " + from + " to " + upTo, history.aborted(from, upTo), told, problems);
    }

    private void compareRead(LogView view, long from, List<String> problems) {
        ReadResult.Region region = (ReadResult.Region)
                view.read(from, view.lastStableOffset(), 1 + random.nextInt(3000), random.nextBoolean());
        int bytes = region.slice().sizeInBytes();
        List<RecordBatch> batches = StorageFixture.batches(region);
        if (batches.isEmpty()) {
            return;
        }
        Optional<List<AbortedTransaction>> aborted = view.abortedTransactions(from, bytes, view.lastStableOffset());
        long upTo = batches.get(batches.size() - 1).nextOffset();
        compare(
                "records from " + from + " to " + upTo,
                history.committed(from, upTo),
                new CommittedReader(aborted.orElseThrow()).read(batches, from),
                problems);
    }

    private static void compare(String what, Object expected, Object actual, List<String> problems) {
        if (!expected.equals(actual)) {
            problems.add(what + ": should be " + expected + ", is " + actual);
        }
    }

    @Override
    public void close() {
        storage.close();
    }
}
