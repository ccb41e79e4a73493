// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.exec.SerialExecutor;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.ControlRecordType;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.sim.SimulatedDisk;
import io.kaon.sim.VirtualTime;
import io.kaon.storage.TableModel.Written;
import io.kaon.storage.producer.TransactionMarker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A partition of keys and values, with transactions, that is compacted most of the time. */
final class SimulatedTable implements SimulatedLog {
    private static final int PRODUCERS = 4;
    private static final int FIRST_TRANSACTIONAL = 2;
    private static final int KEYS = 12;
    private static final long REPEAT_MS = 300_000;

    private final TopicPartition name;
    private final SimulatedDisk disk;
    private final VirtualTime time;
    private final Random random;
    private final List<SimulatedProducer> producers = new ArrayList<>();
    private Uuid topicId;
    private TableModel model;
    private LogOptions options;
    private SerialExecutor owner;
    private Optional<PartitionLog> open = Optional.empty();
    private int epoch;
    private boolean isStartMoving;
    private int compactions;

    SimulatedTable(TopicPartition name, SimulatedDisk disk, VirtualTime time, Random random) {
        this.name = name;
        this.disk = disk;
        this.time = time;
        this.random = random;
        begin();
    }

    private void begin() {
        topicId = new Uuid(random.nextLong(), random.nextLong());
        model = new TableModel();
        options = SimulatedOptions.compacting(random);
        producers.clear();
        for (int index = 0; index < PRODUCERS; index++) {
            producers.add(new SimulatedProducer(freshId()));
        }
    }

    private long freshId() {
        return random.nextInt(Integer.MAX_VALUE);
    }

    /** How often something was missing that compaction may take. */
    int compactions() {
        return compactions;
    }

    @Override
    public boolean isOpen() {
        return open.isPresent();
    }

    private PartitionLog log() {
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
        compare();
        if (!disk.isOff()) {
            IndexCheck.of(log.view());
        }
        epoch = Math.max(epoch, log.view().latestEpoch()) + 1;
        run(() -> log.beginLeaderEpoch(epoch));
        producers.forEach(this::repeatAll);
    }

    @Override
    public String act(SimulatedLife life, int dice) throws IOException {
        if (dice < 480) {
            append();
            return "append";
        } else if (dice < 580) {
            endTransaction();
            return "endTransaction";
        } else if (dice < 750) {
            commit();
            return "commit";
        } else if (dice < 800) {
            compare();
            return "compare";
        } else if (dice < 840) {
            repeatAll(producers.get(random.nextInt(PRODUCERS)));
            return "repeat";
        } else if (dice < 920) {
            flush(life);
            return "flush";
        } else if (dice < 935) {
            deleteRecords();
            return "deleteRecords";
        } else if (dice < 950) {
            options = SimulatedOptions.compacting(random);
            run(() -> log().reconfigure(options));
            return "reconfigure";
        } else if (dice < 965) {
            truncate(life);
            return "truncate";
        } else if (dice < 970) {
            recreate(life);
            return "recreate";
        } else {
            time.advance(random.nextInt(100_000));
            life.workAll();
            return "rest";
        }
    }

    @Override
    public void onLifeEnded() {
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
        model.stable(view.lastStableOffset());
        model.synced(log().recoveryPoint());
        if (options.flush().durability() == Durability.FSYNC) {
            model.synced(inside(() -> log().committableEnd()));
        }
        if (isIdle && isStartMoving) {
            isStartMoving = false;
            model.syncedStart();
        }
    }

    private void run(Runnable task) {
        CompletableFuture.runAsync(task, owner).join();
    }

    private <T> T inside(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, owner).join();
    }

    private void compare() {
        if (!disk.isOff()) {
            model.stable(log().view().lastStableOffset());
            compactions += new TableReader(log().view(), model, time.wallMs()).compare() ? 1 : 0;
        }
    }

    private void append() {
        int index = random.nextInt(PRODUCERS + 1);
        RecordBatchBuilder builder = RecordBatchBuilder.compressed(StorageFixture.LIMITS.codecs(), codec());
        if (index < PRODUCERS) {
            producers.get(index).stamp(builder);
        }
        boolean isTransactional = index >= FIRST_TRANSACTIONAL && index < PRODUCERS;
        if (isTransactional) {
            builder.transactional();
        }
        Map<String, Optional<String>> content = content();
        content.forEach((key, value) -> builder.append(
                time.wallMs(),
                CompactionFixture.bytes(key),
                value.map(CompactionFixture::bytes).orElse(null)));
        ByteBuffer records = builder.build();
        if (records.remaining() > options.segments().segmentBytes()) {
            return;
        }
        long end = model.end();
        AppendResult result = append(records, AppendOrigin.CLIENT);
        if (isTransactional && result instanceof Rejected rejected && isForgotten(producers.get(index), rejected)) {
            producers.get(index).onEnd(-1, freshId());
        } else if (isStored(result, records, end)) {
            RecordBatch batch = RecordBatch.at(records, 0);
            model.beginBatch();
            content.forEach((key, value) -> model.add(new Written(
                    key,
                    value.orElse(null),
                    time.wallMs(),
                    isTransactional ? batch.producerId() : -1,
                    batch.producerEpoch())));
            if (index < PRODUCERS) {
                producers.get(index).stored(records, content.size(), time.wallMs());
            }
        }
    }

    /** A marker made the producer known again whose records were deleted, or are old: then it has to begin anew, as in Kafka. */
    private boolean isForgotten(SimulatedProducer producer, Rejected rejected) {
        if (rejected.code() != ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER
                || producer.sent().isEmpty()) {
            return false;
        }
        SimulatedProducer.Sent last = producer.sent().getLast();
        return last.batch().baseOffset() < model.farthestStart()
                || time.wallMs() - last.atMs() > options.producerIdExpirationMs();
    }

    private Compression codec() {
        CompressionType[] types = CompressionType.values();
        return Compression.of(types[random.nextInt(3) > 0 ? 0 : random.nextInt(types.length)]);
    }

    private Map<String, Optional<String>> content() {
        Map<String, Optional<String>> content = new TreeMap<>();
        int count = 1 + random.nextInt(4);
        for (int index = 0; index < count; index++) {
            String value = random.nextInt(1 << 16) + "x".repeat(random.nextInt(random.nextInt(8) == 0 ? 400 : 20));
            content.put("k" + random.nextInt(KEYS), random.nextInt(4) == 0 ? Optional.empty() : Optional.of(value));
        }
        return content;
    }

    private AppendResult append(ByteBuffer records, AppendOrigin origin) {
        return inside(() -> log().append(records, origin, epoch));
    }

    private boolean isStored(AppendResult result, ByteBuffer records, long end) {
        if (result instanceof Appended appended) {
            assertThat(appended.baseOffset()).isEqualTo(end);
            assertThat(appended.duplicate()).isFalse();
            return true;
        }
        if (!disk.isOff()) {
            throw new AssertionError("refused: " + result);
        }
        // A batch that got its offset may have got as far as to the disk.
        RecordBatch batch = RecordBatch.at(records, 0);
        return batch.baseOffset() == end && batch.partitionLeaderEpoch() == epoch;
    }

    private void endTransaction() {
        List<Map.Entry<Long, Short>> transactions =
                new ArrayList<>(model.openTransactions().entrySet());
        if (!transactions.isEmpty()) {
            Map.Entry<Long, Short> ended = transactions.get(random.nextInt(transactions.size()));
            boolean commits = random.nextBoolean();
            ControlRecordType type = commits ? ControlRecordType.COMMIT : ControlRecordType.ABORT;
            ByteBuffer marker = new TransactionMarker(ended.getKey(), ended.getValue(), type, 0).toBatch(time.wallMs());
            long end = model.end();
            if (isStored(append(marker, AppendOrigin.COORDINATOR), marker, end)) {
                model.addMarker(ended.getKey(), commits);
            }
        }
    }

    private void repeatAll(SimulatedProducer producer) {
        for (SimulatedProducer.Sent sent : producer.sent()) {
            boolean isLast = sent == producer.sent().getLast();
            if ((isLast || random.nextInt(3) == 0)
                    && time.wallMs() - sent.atMs() < REPEAT_MS
                    && sent.batch().baseOffset() >= model.farthestStart()) {
                repeat(sent, isLast || producer.isWindowKnown());
            }
        }
    }

    private void repeat(SimulatedProducer.Sent sent, boolean isKnown) {
        ByteBuffer copy = ByteBuffer.allocate(sent.bytes().remaining())
                .put(sent.bytes().duplicate())
                .flip();
        long baseOffset = sent.batch().baseOffset();
        copy.putLong(0, 0);
        AppendResult result = append(copy, AppendOrigin.CLIENT);
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

    private void commit() {
        long offset = model.end();
        if (offset > log().view().highWatermark()) {
            run(() -> log().advanceHighWatermark(offset));
            model.committed(offset);
            model.stable(log().view().lastStableOffset());
        }
    }

    private void flush(SimulatedLife life) throws IOException {
        long upTo = model.end();
        CompletionStage<Void> flushed = log().flush();
        if (random.nextBoolean()) {
            life.finish(flushed);
            model.synced(upTo);
        } else {
            TableModel of = model;
            int cuts = of.cuts();
            flushed.thenRun(() -> of.syncedUnlessCut(upTo, cuts));
        }
    }

    private void deleteRecords() {
        long highWatermark = log().view().highWatermark();
        long start = log().view().logStartOffset();
        long to = start + (long) ((highWatermark - start) * random.nextDouble() * random.nextDouble());
        run(() -> log().advanceLogStartOffset(to));
        if (to > start) {
            model.startedAt(to);
            isStartMoving = true;
        }
    }

    /** As a follower does: what is committed stays. */
    private void truncate(SimulatedLife life) throws IOException {
        long low = Math.max(model.start(), log().view().highWatermark());
        long to = Math.max(low, model.end() - random.nextInt(12));
        while (to > low && !model.isBatchStart(to)) {
            to--;
        }
        long offset = to;
        if (offset >= model.end() || !model.isBatchStart(offset) || model.highWatermark() > offset) {
            return;
        }
        model.cutting(offset);
        life.finish(inside(() -> log().truncateTo(offset)));
        model.cut(log().view().logEndOffset());
        for (SimulatedProducer producer : producers) {
            producer.onEnd(-1, freshId());
        }
    }

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

    @Override
    public String toString() {
        return name + " in epoch " + epoch + " from " + model.start() + " to " + model.end() + ", synced to "
                + model.syncedEnd() + ", stable to " + model.stableEnd();
    }
}
