// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.exec.Clock;
import io.kaon.record.RecordLimits;
import io.kaon.storage.compaction.CompactionScope;
import io.kaon.storage.compaction.CompactionWork;
import io.kaon.storage.compaction.CompactorOptions;
import io.kaon.storage.compaction.RoundRules;
import io.kaon.storage.compaction.SegmentGroups;
import io.kaon.storage.producer.ProducerEntry;
import io.kaon.storage.segment.AbortedTransaction;
import io.kaon.storage.segment.Segment;
import io.kaon.storage.segment.SegmentSwap;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One round of compaction over one log. One thread at a time; blocks. */
final class CompactionRound {
    private final PartitionLog log;
    private final DirtyRange range;
    private final long startMs;
    private final long startNs;
    private Optional<CompactionWork> work = Optional.empty();
    /** The last segment that the round may touch, as it is now. */
    private volatile Segment last;

    CompactionRound(PartitionLog log, DirtyRange range, Clock clock) {
        this.log = log;
        this.range = range;
        this.last = range.segments().get(range.segments().size() - 1);
        this.startMs = clock.wallMs();
        this.startNs = clock.nanos();
    }

    TopicPartition name() {
        return log.name();
    }

    PartitionLog log() {
        return log;
    }

    DirtyRange range() {
        return range;
    }

    /** When it began, in ns of the clock. */
    long startNs() {
        return startNs;
    }

    /** The work so far; empty before {@link #begin}. */
    Optional<CompactionWork> work() {
        return work;
    }

    /**
     * Makes durable what decides on the fate of transactions, which lies behind what is compacted: if the power took a
     * commit away after an older value was dropped for a newer one, that one might be aborted, and both were lost. And
     * the producers as of now, because a marker that is compacted away cannot end a transaction any more.
     */
    CompletionStage<Void> settle() {
        return log.compaction().settle(log::flush);
    }

    /** Asks the log's owner what it needs to know and is ready for {@link #next}. */
    CompletionStage<Void> begin(CompactorOptions options, RecordLimits limits, Uuid secret) {
        return log.compaction()
                .producers()
                .thenAccept(producers -> work = Optional.of(create(options, rules(limits, producers), secret)));
    }

    private RoundRules rules(RecordLimits limits, Map<Long, ProducerEntry> producers) {
        LogOptions settings = log.options();
        return new RoundRules(
                startMs,
                settings.compaction().deleteRetentionMs(),
                log.view().logStartOffset(),
                producers,
                limits,
                settings.storedCompression());
    }

    private CompactionWork create(CompactorOptions options, RoundRules rules, Uuid secret) {
        SegmentOptions segments = log.options().segments();
        CompactionScope scope = new CompactionScope(range.segments(), range.from(), range.end(), this::aborted);
        return new CompactionWork(
                scope,
                rules,
                new SegmentSwap(log.segmentFiles()),
                new SegmentGroups(segments.segmentBytes(), segments.segmentIndexBytes()),
                segments.indexIntervalBytes(),
                options,
                secret);
    }

    private List<AbortedTransaction> aborted(long fromOffset, long upToOffset) throws IOException {
        return log.view()
                .abortedTransactions(fromOffset, upToOffset)
                .orElseThrow(() -> new IOException(name() + " has changed meanwhile"));
    }

    /** Whether to go on: nobody has closed, deleted or cut the log, or says that it is not to be compacted any more. */
    boolean isCurrent() {
        // A log that was cut has other segments, even if it is as long again by now.
        return log.isOnline()
                && log.options().retention().compacts()
                && log.view().segments().contains(last);
    }

    CompactionWork.State next() throws IOException {
        return work.orElseThrow().next();
    }

    /** Puts the compacted segment into its place; false when the log has changed so that it does not fit any more. */
    CompletionStage<Boolean> replace() {
        CompactionWork done = work.orElseThrow();
        List<Segment> group = done.group();
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        log.compaction().replace(group, done.cleaned()).whenComplete((isReplaced, failure) -> {
            if (failure != null) {
                // Which of the files are there now is for the next start to find out.
                done.onReplaced();
                result.completeExceptionally(failure);
            } else {
                if (isReplaced) {
                    last = group.contains(last) ? done.cleaned() : last;
                    done.onReplaced();
                }
                result.complete(isReplaced);
            }
        });
        return result;
    }

    /** The log is compacted now, unless it was cut meanwhile. */
    CompletionStage<Void> finish(CleanerCheckpoint checkpoint) {
        long endOffset = work.orElseThrow().endOffset();
        return log.compaction().run(() -> {
            if (isCurrent()) {
                checkpoint.advance(name(), endOffset);
            }
        });
    }

    void abandon() throws IOException {
        if (work.isPresent()) {
            work.get().abandon();
        }
    }
}
