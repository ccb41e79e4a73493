// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.compaction;

import io.kaon.common.Uuid;
import io.kaon.record.MalformedBatchException;
import io.kaon.record.RecordBatch;
import io.kaon.storage.segment.AbortedTransaction;
import io.kaon.storage.segment.Segment;
import io.kaon.storage.segment.SegmentGoneException;
import io.kaon.storage.segment.SegmentSwap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The work of one round, in pieces, so that it can be spread over time and ended between any two. First the dirty part is
 * read for the newest offset of each key; then the log is read from its start, group by group, oldest first: a tombstone
 * never goes before what it covers. A segment alone in its group is written anew from its first change on only, and not at
 * all without one. Blocks; one thread at a time.
 */
public final class CompactionWork {
    /** Where the work stands after a piece. */
    public enum State {
        /** There is more to do. */
        WORKING,
        /** {@link #cleaned()} is to replace {@link #group()} before the next piece. */
        GROUP_CLEANED,
        /** Everything is done. */
        FINISHED
    }

    private final CompactionScope scope;
    private final RoundRules rules;
    private final SegmentGroups grouping;
    private final int indexIntervalBytes;
    private final SegmentSwap swap;
    private final int pieceBytes;
    private final OffsetMap newest;
    private final KeyMapping mapping;
    private final TransactionTracker mapTransactions;
    private final TransactionTracker transactions;
    private final BatchInput input;
    private final BatchInput prefixInput;
    private final ByteBuffer outputBuffer;

    private int mapped;
    private boolean isMapFull;
    private BatchCleaner cleaner;
    private List<List<Segment>> groups = List.of();
    private int groupIndex = -1;
    private int sourceIndex;
    private Optional<CleanedSegment> output = Optional.empty();
    /** Of a segment that has not changed so far. */
    private final List<AbortedTransaction> unwrittenAborted = new ArrayList<>();
    /** Where the first change is, while what lies before is copied; −1 otherwise. */
    private int prefixEnd = -1;

    private Optional<RecordBatch> firstChange = Optional.empty();
    private long bytesWritten;
    private long readTold;
    private long writtenTold;

    /**
     * @param swap of the log's files
     * @param grouping which segments become one
     * @param indexIntervalBytes {@code index.interval.bytes}
     * @param options how much memory it may take
     * @param secret of this round alone: nobody shall be able to make keys that are taken for one
     */
    public CompactionWork(
            CompactionScope scope,
            RoundRules rules,
            SegmentSwap swap,
            SegmentGroups grouping,
            int indexIntervalBytes,
            CompactorOptions options,
            Uuid secret) {
        this.scope = scope;
        this.rules = rules;
        this.grouping = grouping;
        this.indexIntervalBytes = indexIntervalBytes;
        this.swap = swap;
        this.pieceBytes = options.bufferBytes();
        this.newest = new OffsetMap(KeyHash.of(secret), options.mapBytes(), options.loadFactor());
        this.mapTransactions = new TransactionTracker(rules.limits());
        this.transactions = new TransactionTracker(rules.limits());
        this.mapping = new KeyMapping(rules, newest, mapTransactions, scope.dirtyFrom());
        this.input = new BatchInput(pieceBytes);
        this.prefixInput = new BatchInput(pieceBytes);
        this.outputBuffer = ByteBuffer.allocate(pieceBytes);
    }

    /**
     * Does about a buffer's worth. Throws {@link MalformedBatchException} where a batch is damaged, {@link
     * SegmentGoneException} and other {@link IOException}s where the log has changed or the disk fails; {@link #abandon()}
     * follows.
     */
    public State next() throws IOException {
        if (cleaner == null) {
            map();
            return State.WORKING;
        }
        if (!input.isOpen() && !openNext()) {
            return State.FINISHED;
        }
        return clean();
    }

    private void map() throws IOException {
        if (!input.isOpen()) {
            while (mapped < scope.segments().size() && scope.endOf(mapped) <= scope.dirtyFrom()) {
                mapped++;
            }
            if (isMapFull || mapped == scope.segments().size()) {
                beginCleaning();
                return;
            }
            openForMapping(scope.segments().get(mapped));
        }
        long until = input.bytesRead() + pieceBytes;
        while (!isMapFull && input.hasNext() && input.bytesRead() < until) {
            isMapFull = !mapping.add(input.next());
        }
        if (isMapFull || !input.hasNext()) {
            input.close();
            mapped++;
        }
    }

    private void openForMapping(Segment segment) throws IOException {
        long from = Math.max(scope.dirtyFrom(), segment.baseOffset());
        mapTransactions.expect(scope.transactions().aborted(from, scope.endOf(mapped)));
        int position = from == segment.baseOffset()
                ? 0
                : segment.locate(from, segment.sizeInBytes())
                        .map(place -> place.position())
                        .orElse(segment.sizeInBytes());
        input.open(segment, position, scope.endOf(mapped));
    }

    private void beginCleaning() {
        cleaner = new BatchCleaner(rules, newest, mapping.endOffset(), transactions);
        int count = 0;
        while (count < scope.segments().size() && scope.segments().get(count).baseOffset() < endOffset()) {
            count++;
        }
        List<Segment> touched = scope.segments().subList(0, count);
        groups = grouping.of(touched, count == 0 ? 0 : scope.endOf(count - 1));
    }

    /** Opens the next segment to clean; false when there is none. */
    private boolean openNext() throws IOException {
        if (groupIndex < 0 || sourceIndex == groups.get(groupIndex).size()) {
            groupIndex++;
            sourceIndex = 0;
            if (groupIndex == groups.size()) {
                return false;
            }
            if (groups.get(groupIndex).size() > 1) {
                begin();
            }
        }
        Segment source = groups.get(groupIndex).get(sourceIndex++);
        int index = scope.segments().indexOf(source);
        transactions.expect(scope.transactions().aborted(source.baseOffset(), scope.endOf(index)));
        input.open(source, 0, scope.endOf(index));
        return true;
    }

    private void begin() throws IOException {
        long baseOffset = groups.get(groupIndex).get(0).baseOffset();
        output = Optional.of(new CleanedSegment(swap, baseOffset, indexIntervalBytes, outputBuffer));
    }

    private State clean() throws IOException {
        long until = bytes() + pieceBytes;
        while (bytes() < until) {
            if (prefixEnd >= 0) {
                copyPrefix();
            } else if (input.hasNext()) {
                cleanNext();
            } else {
                input.close();
                return sourceIndex == groups.get(groupIndex).size() ? endGroup() : State.WORKING;
            }
        }
        return State.WORKING;
    }

    private void cleanNext() throws IOException {
        int position = input.position();
        RecordBatch batch = input.next();
        Optional<RecordBatch> left = cleaner.clean(batch);
        if (output.isPresent()) {
            write(output.get(), left, cleaner.aborted());
        } else if (left.isPresent() && left.get() == batch) {
            cleaner.aborted().ifPresent(unwrittenAborted::add);
        } else {
            begin();
            cleaner.aborted().ifPresent(unwrittenAborted::add);
            prefixEnd = position;
            firstChange = left;
            Segment source = groups.get(groupIndex).get(0);
            prefixInput.open(source, 0, scope.endOf(scope.segments().indexOf(source)));
        }
    }

    /** What lies before the first change, batch by batch, because the indexes need each. */
    private void copyPrefix() throws IOException {
        if (prefixInput.position() < prefixEnd) {
            write(output.orElseThrow(), Optional.of(prefixInput.next()), Optional.empty());
            return;
        }
        prefixInput.close();
        prefixEnd = -1;
        write(output.orElseThrow(), firstChange, Optional.empty());
        for (AbortedTransaction aborted : unwrittenAborted) {
            output.get().append(aborted);
        }
        firstChange = Optional.empty();
    }

    private void write(CleanedSegment target, Optional<RecordBatch> batch, Optional<AbortedTransaction> aborted)
            throws IOException {
        if (batch.isPresent()) {
            target.append(batch.get());
            bytesWritten += batch.get().sizeInBytes();
        }
        if (aborted.isPresent()) {
            target.append(aborted.get());
        }
    }

    private State endGroup() throws IOException {
        unwrittenAborted.clear();
        if (output.isEmpty()) {
            return State.WORKING;
        }
        output.get().seal();
        return State.GROUP_CLEANED;
    }

    /** The segments that {@link #cleaned()} replaces. */
    public List<Segment> group() {
        return groups.get(groupIndex);
    }

    /** The compacted segment, durable under another name. */
    public Segment cleaned() {
        return output.orElseThrow().segment();
    }

    /** The replacement has been made: the files are the log's now. */
    public void onReplaced() {
        output = Optional.empty();
    }

    /** Lets go of everything, and takes away what was written and is not the log's. */
    public void abandon() throws IOException {
        input.close();
        prefixInput.close();
        if (output.isPresent()) {
            output.get().abandon();
            output = Optional.empty();
        }
    }

    /** Bytes read since the last call. */
    public long takeBytesRead() {
        long taken = bytesRead() - readTold;
        readTold += taken;
        return taken;
    }

    /** Bytes written since the last call. */
    public long takeBytesWritten() {
        long taken = bytesWritten - writtenTold;
        writtenTold += taken;
        return taken;
    }

    private long bytes() {
        return bytesRead() + bytesWritten;
    }

    /** Bytes read so far. */
    public long bytesRead() {
        return input.bytesRead() + prefixInput.bytesRead();
    }

    /** Bytes written so far, without the indexes. */
    public long bytesWritten() {
        return bytesWritten;
    }

    /** Exclusive end of what is compacted once the work is finished. */
    public long endOffset() {
        return isMapFull ? mapping.endOffset() : scope.endOffset();
    }

    /** Keys that the map holds. */
    public long keys() {
        return newest.size();
    }

    /** Bytes that the map takes. */
    public long mapBytes() {
        return newest.sizeInBytes();
    }

    /** The latest delete horizon of what was left, in ms; −1 when there was none. */
    public long latestHorizonMs() {
        return cleaner == null ? -1 : cleaner.latestHorizonMs();
    }

    /** Records that were dropped because they had no key. */
    public long droppedWithoutKey() {
        return cleaner == null ? 0 : cleaner.droppedWithoutKey();
    }
}
