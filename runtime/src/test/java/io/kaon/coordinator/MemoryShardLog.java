// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import io.kaon.common.ErrorCode;
import io.kaon.exec.Cancellable;
import io.kaon.exec.SerialExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;

/**
 * A shard's log in memory that commits at once, or when told, or never: what is not committed can be lost as by a
 * change of leader. Bytes are copied on their way in, so that loading reads what was really encoded. One thread, the
 * test's.
 */
public final class MemoryShardLog implements ShardLog {
    private final SerialExecutor owner;
    private final List<KeyValue> records = new ArrayList<>();
    private final List<LongConsumer> listeners = new ArrayList<>();
    private final List<Runnable> heldReads = new ArrayList<>();
    private final List<Integer> batchSizes = new ArrayList<>();
    private boolean commitsLate;
    private boolean holdsReads;
    private long committed;
    private Optional<ErrorCode> refusal = Optional.empty();

    /** Failures inside the owner fail the test through this listener. */
    public MemoryShardLog(List<Throwable> failures) {
        owner = new SerialExecutor("memory log", Runnable::run, failures::add);
    }

    /** From now on commits only when told. */
    public void commitLate() {
        commitsLate = true;
    }

    public void commitAtOnce() {
        commitsLate = false;
        commit();
    }

    /** Commits everything. */
    public void commit() {
        commitTo(records.size());
    }

    public void commitTo(long offset) {
        committed = Math.max(committed, offset);
        owner.execute(() -> List.copyOf(listeners).forEach(listener -> listener.accept(committed)));
    }

    /** What a new leader would find: the uncommitted tail is gone. */
    public void loseTail() {
        while (records.size() > committed) {
            records.remove(records.size() - 1);
        }
    }

    /** Every append fails like this until {@link #accept}. */
    public void refuse(ErrorCode error) {
        refusal = Optional.of(error);
    }

    public void accept() {
        refusal = Optional.empty();
    }

    /** Reads do not complete until {@link #releaseReads}. */
    public void holdReads() {
        holdsReads = true;
    }

    public void releaseReads() {
        holdsReads = false;
        List<Runnable> waiting = List.copyOf(heldReads);
        heldReads.clear();
        waiting.forEach(Runnable::run);
    }

    public List<KeyValue> records() {
        return List.copyOf(records);
    }

    /** Records per append, in order. */
    public List<Integer> batchSizes() {
        return List.copyOf(batchSizes);
    }

    /** Puts a record there without a shard knowing. */
    public void put(KeyValue record) {
        records.add(record);
        committed = records.size();
    }

    @Override
    public SerialExecutor owner() {
        return owner;
    }

    @Override
    public ShardAppend append(List<KeyValue> batch, long timestampMs) {
        owner.assertInside();
        if (refusal.isPresent()) {
            return new ShardAppend.Refused(refusal.get(), "as told");
        }
        long base = records.size();
        records.addAll(batch);
        batchSizes.add(batch.size());
        if (!commitsLate) {
            // As a single replica does: listeners hear of it before the append returns.
            committed = records.size();
            List.copyOf(listeners).forEach(listener -> listener.accept(committed));
        }
        return new ShardAppend.Appended(base);
    }

    @Override
    public long startOffset() {
        return 0;
    }

    @Override
    public long endOffset() {
        return records.size();
    }

    @Override
    public long committedOffset() {
        return committed;
    }

    @Override
    public CompletionStage<LogChunk> read(long offset, int maxBytes) {
        CompletableFuture<LogChunk> chunk = new CompletableFuture<>();
        Runnable read = () -> chunk.complete(chunkAt(offset, maxBytes));
        if (holdsReads) {
            heldReads.add(read);
        } else {
            read.run();
        }
        return chunk;
    }

    private LogChunk chunkAt(long offset, int maxBytes) {
        List<LogChunk.Entry> entries = new ArrayList<>();
        int bytes = 0;
        int next = (int) offset;
        while (next < records.size() && (bytes == 0 || bytes < maxBytes)) {
            KeyValue record = records.get(next);
            bytes += record.sizeInBytes();
            entries.add(new LogChunk.Entry(next, record));
            next++;
        }
        return new LogChunk(entries, next);
    }

    @Override
    public Cancellable onCommitted(LongConsumer listener) {
        owner.execute(() -> listeners.add(listener));
        return () -> owner.execute(() -> listeners.remove(listener));
    }
}
