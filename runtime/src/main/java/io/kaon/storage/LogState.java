// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordLimits;
import io.kaon.record.ValidationRules;
import io.kaon.storage.checkpoint.LeaderEpochs;
import io.kaon.storage.producer.ProducerBatch;
import io.kaon.storage.producer.ProducerStates;
import io.kaon.storage.producer.TransactionMarker;
import io.kaon.storage.segment.AbortedTransaction;
import io.kaon.storage.segment.Segment;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What one log holds, in memory: its segments, offsets, epochs and producers. Owned by the log's owner; others read
 * {@link #view()}, which is new after each {@link #publish()}.
 */
final class LogState {
    private final TopicPartition name;
    private final RecordLimits limits;
    private final SegmentJitter jitter;
    private SegmentChain chain;
    private ProducerStates producers;
    private LeaderEpochs epochs;
    private long logStart;
    private long highWatermark;
    private long logEnd;
    private HotRange hotRange;
    private LogView.Epochs shared;
    private ValidationRules clientRules;
    private volatile LogOptions options;
    private volatile LogView view;

    LogState(PartitionFolder folder, RecordLimits limits, LogOptions options, LoadedLog loaded) {
        this.name = folder.name();
        this.jitter = SegmentJitter.of(folder);
        this.limits = limits;
        reconfigure(options);
        adopt(loaded);
    }

    /** Takes over what was found on disk. */
    void adopt(LoadedLog loaded) {
        chain = new SegmentChain(loaded.segments(), loaded.offsets().logEnd(), jitter);
        producers = loaded.producers();
        epochs = loaded.epochs();
        logStart = loaded.offsets().logStart();
        highWatermark = loaded.offsets().highWatermark();
        logEnd = loaded.offsets().logEnd();
        hotRange = new HotRange(logEnd);
        share();
        publish();
    }

    /** As of the last {@link #publish()}. Any thread. */
    LogView view() {
        return view;
    }

    /** What batches of this origin must be like. */
    ValidationRules rules(AppendOrigin origin) {
        return origin == AppendOrigin.CLIENT ? clientRules : options.rules().withOrigin(origin.batches());
    }

    /** The settings that are in effect. Any thread. */
    LogOptions options() {
        return options;
    }

    void reconfigure(LogOptions newOptions) {
        options = newOptions;
        clientRules = newOptions.rules().withOrigin(AppendOrigin.CLIENT.batches());
    }

    SegmentChain chain() {
        return chain;
    }

    ProducerStates producers() {
        return producers;
    }

    LeaderEpochs epochs() {
        return epochs;
    }

    LogView.Offsets offsets() {
        return new LogView.Offsets(logStart, highWatermark, logEnd);
    }

    long logStart() {
        return logStart;
    }

    long logEnd() {
        return logEnd;
    }

    /** Takes note of a batch that was written behind the last one; {@link #moveEnd} follows. */
    void note(RecordBatch batch, long nowMs) throws IOException {
        chain.note(batch, options.segments().indexIntervalBytes());
        Optional<TransactionMarker> marker = TransactionMarker.of(batch, limits);
        if (marker.isPresent()) {
            Optional<AbortedTransaction> aborted = producers.end(marker.get(), batch.lastOffset(), nowMs);
            if (aborted.isPresent()) {
                chain.active().noteAborted(aborted.get());
            }
        } else if (batch.hasProducerId() && !batch.isControl()) {
            producers.add(ProducerBatch.of(batch), batch.lastOffset(), nowMs);
        }
    }

    /** The log ends here now, after {@code bytes} that were noted. */
    void moveEnd(long newEnd, int bytes) {
        if (hotRange.onAppend(logEnd, bytes, options.hotBytes()) != shared.hotFrom()) {
            share();
        }
        logEnd = newEnd;
    }

    /** Moves the high watermark forward; answers whether it moved. */
    boolean advanceHighWatermark(long offset) {
        if (offset <= highWatermark) {
            return false;
        }
        highWatermark = offset;
        producers.onHighWatermark(offset);
        return true;
    }

    /** The log begins here now; answers the segments that lie below, which are not its any more. */
    List<Segment> moveStart(long offset) {
        producers.forgetAny();
        logStart = offset;
        epochs = epochs.truncateStart(offset);
        List<Segment> dropped = chain.dropBelow(offset);
        share();
        return dropped;
    }

    /** Notes where an epoch begins; false when it is not newer than what is known. */
    boolean beginEpoch(int epoch, long startOffset) {
        LeaderEpochs longer = epochs.begin(epoch, startOffset);
        if (longer == epochs) {
            return false;
        }
        epochs = longer;
        share();
        return true;
    }

    private void share() {
        shared = new LogView.Epochs(name, limits, epochs, hotRange.from(), producers.firstUnstableOffset());
    }

    /** Shows everybody the state as it is. */
    void publish() {
        if (producers.firstUnstableOffset() != shared.firstUnstableOffset()) {
            share();
        }
        view = new LogView(offsets(), chain.segments(), chain.endPosition(), chain.recent(), shared);
    }
}
