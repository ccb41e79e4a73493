// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.storage.producer.ProducerEntry;
import io.kaon.storage.segment.NothingWrittenException;
import io.kaon.storage.segment.Segment;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** What compaction asks of a log's owner. Any thread. */
final class CompactedLog {
    private final LogCore core;
    private final LogRoller roller;
    /** Of the last round's snapshot, −1 for none in this life. Owner. */
    private long snapshotOffset = -1;

    CompactedLog(LogCore core, LogRoller roller) {
        this.core = core;
        this.roller = roller;
    }

    /**
     * Shows everybody a compacted segment instead of those that it was made from, and gives its files their place after
     * that; the result completes when they have it.
     *
     * @return false when the old ones are not the log's any more (deleted, truncated, closed); fails when the disk does
     */
    CompletionStage<Boolean> replace(List<Segment> old, Segment cleaned) {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        core.owner().execute(() -> {
            if (!core.health().isOnline() || !core.state().chain().replace(old, cleaned)) {
                result.complete(false);
                return;
            }
            core.state().publish();
            long delayMs = core.state().options().retention().fileDeleteDelayMs();
            core.files().replace(old, cleaned, delayMs).whenComplete((ignored, failure) -> {
                if (failure == null) {
                    result.complete(true);
                } else {
                    result.completeExceptionally(failure);
                }
            });
        });
        return result;
    }

    /**
     * Makes the log durable, then the producers as they were at the end of what is durable then. Compaction takes
     * markers away, so that nobody may have to replay a transaction from a snapshot in which it was still open: without
     * its marker it would never end.
     *
     * @param flush syncs the log and its indexes as of the call
     */
    CompletionStage<Void> settle(Supplier<CompletionStage<Void>> flush) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        core.owner().execute(() -> {
            long endOffset = core.state().offsets().logEnd();
            List<ProducerEntry> producers = core.state().producers().entries();
            flush.get()
                    .thenCompose(synced -> snapshot(endOffset, producers))
                    .whenComplete((ignored, failure) ->
                            core.owner().execute(() -> onSnapshot(endOffset, Optional.ofNullable(failure), result)));
        });
        return result;
    }

    /** Decided by the owner: a log that is deleted by then has no folder for it any more. */
    private CompletionStage<Void> snapshot(long endOffset, List<ProducerEntry> producers) {
        return CompletableFuture.supplyAsync(
                        () -> core.health().isOnline()
                                ? core.files().snapshot(endOffset, producers)
                                : CompletableFuture.<Void>failedFuture(
                                        new IOException(core.folder().name() + " is closed")),
                        core.owner())
                .thenCompose(written -> written);
    }

    private void onSnapshot(long endOffset, Optional<Throwable> failure, CompletableFuture<Void> result) {
        if (failure.isPresent()) {
            result.completeExceptionally(failure.get());
            return;
        }
        boolean isSegments =
                core.state().chain().segments().stream().anyMatch(segment -> segment.baseOffset() == snapshotOffset);
        if (snapshotOffset >= 0 && snapshotOffset != endOffset && !isSegments) {
            core.files().forgetSnapshot(snapshotOffset);
        }
        snapshotOffset = endOffset;
        result.complete(null);
    }

    /** The producers that are known now, by their id. */
    CompletionStage<Map<Long, ProducerEntry>> producers() {
        CompletableFuture<Map<Long, ProducerEntry>> result = new CompletableFuture<>();
        core.owner().execute(() -> {
            Map<Long, ProducerEntry> byId = new HashMap<>();
            core.state().producers().entries().forEach(entry -> byId.put(entry.producerId(), entry));
            result.complete(byId);
        });
        return result;
    }

    /** Ends the segment that is written to if it was begun before that time in ms, by its first record if that says. */
    void endActiveSegment(long beganBeforeMs) {
        core.owner().execute(() -> {
            if (!isOlder(beganBeforeMs)) {
                return;
            }
            if (core.owner().mayBlock()) {
                roll();
            } else {
                core.owner().continueAway(this::roll);
            }
        });
    }

    private boolean isOlder(long beganBeforeMs) {
        SegmentChain chain = core.state().chain();
        return core.health().isOnline()
                && chain.endPosition() > 0
                && chain.activeBeganMs() < beganBeforeMs
                && core.files().isNamed();
    }

    private void roll() {
        try {
            roller.roll();
            core.state().publish();
        } catch (NothingWrittenException full) {
            core.health().onRefused(full);
        } catch (IOException failure) {
            core.health().onFailure(failure);
        }
    }

    /** Does something that must not overlap with a change of the log. */
    CompletionStage<Void> run(Runnable task) {
        return CompletableFuture.runAsync(task, core.owner());
    }
}
