// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.exec.Cancellable;
import io.kaon.exec.SerialExecutor;
import io.kaon.storage.producer.TransactionMarker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * A shard's log in memory that commits at once, or when told, or never: what is not committed can be lost as by a
 * change of leader. Bytes are copied on their way in, so that loading reads what was really encoded. One thread, the
 * test's.
 */
public final class MemoryShardLog implements ShardLog {
    private final SerialExecutor owner;
    /** At the index that is their offset. */
    private final List<LogChunk.Entry> entries = new ArrayList<>();

    private final List<LongConsumer> listeners = new ArrayList<>();
    private final List<Runnable> heldReads = new ArrayList<>();
    private final List<Integer> batchSizes = new ArrayList<>();
    private boolean commitsLate;
    private boolean holdsReads;
    private long committed;
    private Optional<ErrorCode> refusal = Optional.empty();
    private int appendsLeft = Integer.MAX_VALUE;

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
        commitTo(entries.size());
    }

    public void commitTo(long offset) {
        committed = Math.max(committed, offset);
        owner.execute(() -> List.copyOf(listeners).forEach(listener -> listener.accept(committed)));
    }

    /** What a new leader would find: the uncommitted tail is gone. */
    public void loseTail() {
        while (entries.size() > committed) {
            entries.remove(entries.size() - 1);
        }
    }

    /** So many appends are taken, all later ones fail with NOT_ENOUGH_REPLICAS until {@link #accept}. */
    public void acceptOnly(int appends) {
        appendsLeft = appends;
    }

    /** Every append fails like this until {@link #accept}. */
    public void refuse(ErrorCode error) {
        refusal = Optional.of(error);
    }

    public void accept() {
        refusal = Optional.empty();
        appendsLeft = Integer.MAX_VALUE;
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

    /** Of transactions too; without markers. */
    public List<KeyValue> records() {
        return entries.stream().flatMap(MemoryShardLog::record).toList();
    }

    /** Everything, each at the index that is its offset. */
    public List<LogChunk.Entry> entries() {
        return List.copyOf(entries);
    }

    private static Stream<KeyValue> record(LogChunk.Entry entry) {
        if (entry instanceof LogChunk.Plain plain) {
            return Stream.of(plain.record());
        }
        return entry instanceof LogChunk.Transactional open ? Stream.of(open.record()) : Stream.empty();
    }

    /** Records per append, in order. */
    public List<Integer> batchSizes() {
        return List.copyOf(batchSizes);
    }

    /** Puts a record there without a shard knowing. */
    public void put(KeyValue record) {
        entries.add(new LogChunk.Plain(entries.size(), record));
        committed = entries.size();
    }

    @Override
    public SerialExecutor owner() {
        return owner;
    }

    @Override
    public ShardAppend append(List<KeyValue> batch, long timestampMs) {
        return append(batch.size(), index -> new LogChunk.Plain(entries.size(), batch.get(index)));
    }

    /** Fences older epochs, as a real log does. */
    @Override
    public ShardAppend appendTransactional(ProducerIdAndEpoch producer, List<KeyValue> batch, long timestampMs) {
        if (producer.epoch() < lastOf(producer.producerId()).epoch()) {
            return new ShardAppend.Refused(ErrorCode.INVALID_PRODUCER_EPOCH, "fenced");
        }
        return append(batch.size(), index -> new LogChunk.Transactional(entries.size(), producer, batch.get(index)));
    }

    @Override
    public ShardAppend appendMarker(TransactionMarker marker, boolean bumpsEpoch, long timestampMs) {
        ProducerIdAndEpoch producer = new ProducerIdAndEpoch(marker.producerId(), marker.producerEpoch());
        Last last = lastOf(marker.producerId());
        boolean isStale = marker.producerEpoch() < last.epoch()
                || bumpsEpoch && last.isOpen() && marker.producerEpoch() == last.epoch();
        if (isStale) {
            return new ShardAppend.Refused(ErrorCode.INVALID_PRODUCER_EPOCH, "fenced");
        }
        return append(1, index -> new LogChunk.Marker(entries.size(), producer, !marker.isAbort()));
    }

    /** What a producer wrote last; epoch −1 for nothing. */
    private record Last(short epoch, boolean isOpen) {}

    private Last lastOf(long producerId) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            LogChunk.Entry entry = entries.get(i);
            if (entry instanceof LogChunk.Transactional open && open.producer().producerId() == producerId) {
                return new Last(open.producer().epoch(), true);
            }
            if (entry instanceof LogChunk.Marker marker && marker.producer().producerId() == producerId) {
                return new Last(marker.producer().epoch(), false);
            }
        }
        return new Last((short) -1, false);
    }

    private ShardAppend append(int count, IntFunction<LogChunk.Entry> entryAt) {
        owner.assertInside();
        if (appendsLeft-- == 0) {
            refuse(ErrorCode.NOT_ENOUGH_REPLICAS);
        }
        if (refusal.isPresent()) {
            return new ShardAppend.Refused(refusal.get(), "as told");
        }
        long base = entries.size();
        for (int i = 0; i < count; i++) {
            entries.add(entryAt.apply(i));
        }
        batchSizes.add(count);
        if (!commitsLate) {
            // As a single replica does: listeners hear of it before the append returns.
            committed = entries.size();
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
        return entries.size();
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
        List<LogChunk.Entry> chunk = new ArrayList<>();
        int bytes = 0;
        int next = (int) offset;
        while (next < entries.size() && (bytes == 0 || bytes < maxBytes)) {
            LogChunk.Entry entry = entries.get(next++);
            bytes += 1 + record(entry).mapToInt(KeyValue::sizeInBytes).sum();
            chunk.add(entry);
        }
        return new LogChunk(chunk, next);
    }

    @Override
    public Cancellable onCommitted(LongConsumer listener) {
        owner.execute(() -> listeners.add(listener));
        return () -> owner.execute(() -> listeners.remove(listener));
    }
}
