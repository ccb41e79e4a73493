// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.exec.SerialExecutor;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.codec.StandardCodecs;
import io.kaon.sim.SimulatedDisk;
import io.kaon.sim.VirtualTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A partition through all its lives: what its clients do to it, and what must be seen of it each time. */
final class SimulatedPartition implements SimulatedLog {
    private static final int PRODUCERS = 3;
    /** A repeated batch is recognised at least so long after its append. */
    private static final long REPEAT_MS = 300_000;

    private static final StandardCodecs CODECS = new StandardCodecs();

    private final TopicPartition name;
    private final SimulatedDisk disk;
    private final VirtualTime time;
    private final Random random;
    private final List<SimulatedProducer> producers = new ArrayList<>();
    private Uuid topicId;
    private LogModel model;
    private LogOptions options;
    private SerialExecutor owner;
    private Optional<PartitionLog> open = Optional.empty();
    private int epoch;
    private boolean isStartMoving;

    SimulatedPartition(TopicPartition name, SimulatedDisk disk, VirtualTime time, Random random) {
        this.name = name;
        this.disk = disk;
        this.time = time;
        this.random = random;
        begin();
    }

    private void begin() {
        topicId = new Uuid(random.nextLong(), random.nextLong());
        model = new LogModel();
        options = SimulatedOptions.deleting(random);
        producers.clear();
        for (int index = 0; index < PRODUCERS; index++) {
            producers.add(new SimulatedProducer(freshId()));
        }
    }

    private long freshId() {
        return random.nextInt(Integer.MAX_VALUE);
    }

    @Override
    public boolean isOpen() {
        return open.isPresent();
    }

    LogModel model() {
        return model;
    }

    PartitionLog log() {
        return open.orElseThrow();
    }

    @Override
    public void open(SimulatedLife life) throws IOException {
        owner = new SerialExecutor(name.toString(), Runnable::run);
        PartitionLog log = life.finish(life.opening(name, topicId, options, owner));
        open = Optional.of(log);
        model.reopened(log.view());
        model.synced(log.recoveryPoint());
        for (SimulatedProducer producer : producers) {
            producer.onEnd(model.end(), freshId());
            producer.onReopened();
        }
        commit();
        readAll();
        checkEpochs();
        if (!disk.isOff()) {
            IndexCheck.of(log.view());
        }
        epoch = Math.max(epoch, log.view().latestEpoch()) + 1;
        run(() -> log.beginLeaderEpoch(epoch));
        for (SimulatedProducer producer : producers) {
            repeatAll(producer);
        }
    }

    @Override
    public String act(SimulatedLife life, int dice) throws IOException {
        if (dice < 600) {
            append();
            return "append";
        } else if (dice < 750) {
            commit();
            return "commit";
        } else if (dice < 800) {
            read();
            return "read";
        } else if (dice < 840) {
            repeat();
            return "repeat";
        } else if (dice < 880) {
            flush(life);
            return "flush";
        } else if (dice < 910) {
            deleteRecords();
            return "deleteRecords";
        } else if (dice < 930) {
            newLeader();
            return "newLeader";
        } else if (dice < 950) {
            reconfigure();
            return "reconfigure";
        } else if (dice < 965) {
            truncate(life);
            return "truncate";
        } else if (dice < 970) {
            recreate(life);
            return "recreate";
        } else if (dice < 985) {
            newProducerEpoch();
            return "newProducerEpoch";
        } else {
            readAll();
            return "readAll";
        }
    }

    @Override
    public void onLifeEnded() {
        // What retention did in the last moments.
        open.ifPresent(log -> model.startedAt(log.view().logStartOffset()));
        open = Optional.empty();
    }

    @Override
    public void onPowerLost() {
        model.lostPower();
        onLifeEnded();
    }

    @Override
    public void onClosed() {
        if (open.isPresent()) {
            model.synced(model.end());
            model.syncedStart();
        }
        onLifeEnded();
    }

    private void run(Runnable task) {
        CompletableFuture.runAsync(task, owner).join();
    }

    @Override
    public void observe(boolean isIdle) {
        if (open.isEmpty() || disk.isOff()) {
            return;
        }
        LogView view = log().view();
        assertThat(view.logEndOffset()).isEqualTo(model.end());
        if (view.logStartOffset() != model.start()) {
            model.startedAt(view.logStartOffset());
        }
        model.synced(log().recoveryPoint());
        if (options.flush().durability() == Durability.FSYNC) {
            // What may be acknowledged with acks=all.
            run(() -> model.synced(log().committableEnd()));
        }
        if (isIdle && isStartMoving) {
            isStartMoving = false;
            model.syncedStart();
        }
    }

    private void append() {
        boolean isIdempotent = random.nextBoolean();
        SimulatedProducer producer = producers.get(random.nextInt(PRODUCERS));
        RecordBatchBuilder builder = random.nextInt(3) == 0
                ? RecordBatchBuilder.compressed(
                        CODECS,
                        Compression.of(CompressionType.values()[random.nextInt(CompressionType.values().length)]))
                : RecordBatchBuilder.uncompressed();
        if (isIdempotent) {
            producer.stamp(builder);
        }
        int count = 1 + random.nextInt(4);
        int large = random.nextInt(10) == 0 ? 400 : 30;
        for (int index = 0; index < count; index++) {
            byte[] value = new byte[random.nextInt(large)];
            random.nextBytes(value);
            builder.append(time.wallMs() - random.nextInt(5_000), null, value);
        }
        ByteBuffer records = builder.build();
        if (records.remaining() > options.segments().segmentBytes()) {
            return;
        }
        AppendResult result = CompletableFuture.supplyAsync(
                        () -> log().append(records, AppendOrigin.CLIENT, epoch), owner)
                .join();
        if (result instanceof Appended appended) {
            assertThat(appended.baseOffset()).isEqualTo(model.end());
            assertThat(appended.duplicate()).isFalse();
            model.wrote(records);
            if (isIdempotent) {
                producer.stored(records, count, time.wallMs());
            }
        } else if (disk.isOff()) {
            if (hasOffset(records)) {
                model.wrote(records);
                if (isIdempotent) {
                    producer.stored(records, count, time.wallMs());
                }
            }
        } else {
            throw new AssertionError("refused: " + result);
        }
    }

    /** A batch that got its offset may have got as far as to the disk. */
    private boolean hasOffset(ByteBuffer records) {
        RecordBatch batch = RecordBatch.at(records, 0);
        return batch.baseOffset() == model.end() && batch.partitionLeaderEpoch() == epoch;
    }

    private void repeatAll(SimulatedProducer producer) {
        for (SimulatedProducer.Sent sent : producer.sent()) {
            boolean isLast = sent == producer.sent().getLast();
            if ((isLast || random.nextInt(3) == 0)
                    && time.wallMs() - sent.atMs() < REPEAT_MS
                    && sent.batch().baseOffset() >= model.start()) {
                repeat(sent, isLast || producer.isWindowKnown());
            }
        }
    }

    private void repeat() {
        repeatAll(producers.get(random.nextInt(PRODUCERS)));
    }

    private void repeat(SimulatedProducer.Sent sent, boolean isKnown) {
        ByteBuffer copy = ByteBuffer.allocate(sent.bytes().remaining())
                .put(sent.bytes().duplicate())
                .flip();
        long baseOffset = sent.batch().baseOffset();
        copy.putLong(0, 0);
        AppendResult result = CompletableFuture.supplyAsync(() -> log().append(copy, AppendOrigin.CLIENT, epoch), owner)
                .join();
        if (!isKnown && result instanceof Rejected rejected) {
            assertThat(rejected.code()).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
            return;
        }
        assertThat(result)
                .as("the answer to a batch of %s that comes again", name)
                .isInstanceOfSatisfying(Appended.class, appended -> {
                    assertThat(appended.duplicate()).isTrue();
                    assertThat(appended.baseOffset()).isEqualTo(baseOffset);
                });
    }

    private void newProducerEpoch() {
        producers.get(random.nextInt(PRODUCERS)).newEpoch();
    }

    private void commit() {
        long offset = model.end() - (random.nextInt(4) == 0 ? random.nextInt(5) : 0);
        if (offset > log().view().highWatermark()) {
            run(() -> log().advanceHighWatermark(offset));
            model.committed(offset);
        }
    }

    private void flush(SimulatedLife life) throws IOException {
        long upTo = model.end();
        CompletionStage<Void> flushed = log().flush();
        if (random.nextBoolean()) {
            life.finish(flushed);
            model.synced(upTo);
        } else {
            LogModel of = model;
            int cuts = of.cuts();
            flushed.thenRun(() -> of.syncedUnlessCut(upTo, cuts));
        }
    }

    private void deleteRecords() {
        long highWatermark = log().view().highWatermark();
        long start = log().view().logStartOffset();
        long to = random.nextInt(5) == 0
                ? highWatermark
                : start + (long) ((highWatermark - start) * random.nextDouble() * random.nextDouble());
        run(() -> log().advanceLogStartOffset(to));
        if (to > start) {
            model.startedAt(to);
            isStartMoving = true;
        }
    }

    private void newLeader() {
        epoch += 1 + random.nextInt(2);
        run(() -> log().beginLeaderEpoch(epoch));
    }

    private void reconfigure() {
        options = SimulatedOptions.deleting(random);
        run(() -> log().reconfigure(options));
    }

    private void truncate(SimulatedLife life) throws IOException {
        long to = Math.max(model.start(), model.end() - random.nextInt(12));
        if (random.nextInt(4) == 0) {
            to = model.start() + (long) ((model.end() - model.start()) * random.nextDouble());
        }
        long offset = to;
        if (offset < model.end()) {
            model.cutting(offset);
        }
        life.finish(CompletableFuture.supplyAsync(() -> log().truncateTo(offset), owner)
                .join());
        model.cut(log().view());
        for (SimulatedProducer producer : producers) {
            // Which of their batches went is not followed here: they begin anew.
            producer.onEnd(-1, freshId());
        }
    }

    /** Takes the topic away and makes one of the same name. */
    private void recreate(SimulatedLife life) throws IOException {
        PartitionLog deleted = log();
        open = Optional.empty();
        begin();
        if (random.nextInt(4) > 0) {
            life.finish(deleted.delete());
        } else {
            deleted.delete();
            life.workAll();
        }
    }

    /** Reads from anywhere, by offset and by time. */
    private void read() {
        LogView view = log().view();
        if (view.highWatermark() > view.logStartOffset()) {
            long span = view.highWatermark() - view.logStartOffset();
            long offset = view.logStartOffset() + (long) (random.nextDouble() * span);
            List<RecordBatch> found = StorageFixture.read(view, offset, random.nextInt(3_000));
            Optional<LogModel.Batch> expected = model.at(offset);
            if (expected.isPresent() && expected.get().nextOffset() <= view.highWatermark()) {
                assertThat(found.get(0).buffer()).isEqualTo(expected.get().bytes());
            }
        }
    }

    /** Every byte, one batch after the other. */
    private void readAll() {
        LogView view = log().view();
        long offset = view.logStartOffset();
        while (offset < view.highWatermark()) {
            List<RecordBatch> found = StorageFixture.read(view, offset, 1 << 16);
            if (found.isEmpty()) {
                Optional<LogModel.Batch> rest = model.at(offset);
                assertThat(rest.orElseThrow().nextOffset()).isGreaterThan(view.highWatermark());
                return;
            }
            for (RecordBatch batch : found) {
                Optional<LogModel.Batch> expected = model.at(offset);
                assertThat(expected).as("what is stored at %s", offset).isPresent();
                assertThat(batch.buffer())
                        .as("the batch at %s", offset)
                        .isEqualTo(expected.get().bytes());
                offset = batch.nextOffset();
            }
        }
    }

    private void checkEpochs() {
        LogView view = log().view();
        int before = -1;
        for (Map.Entry<Long, LogModel.Batch> entry : model.batches().entrySet()) {
            LogModel.Batch batch = entry.getValue();
            if (batch.nextOffset() > view.logStartOffset()) {
                long offset = Math.max(batch.baseOffset(), view.logStartOffset());
                assertThat(view.epochAt(offset)).as("the epoch at %s", offset).isEqualTo(batch.epoch());
                if (before >= 0 && before != batch.epoch()) {
                    assertThat(view.endOffsetFor(before)).isEqualTo(new EpochEnd(before, batch.baseOffset()));
                }
                before = batch.epoch();
            }
        }
    }

    @Override
    public String toString() {
        return name + " in epoch " + epoch + " from " + model.start() + " to " + model.end() + ", synced to "
                + model.syncedEnd();
    }
}
