// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.exec.Clock;
import io.kaon.exec.DiskThreads;
import io.kaon.record.FileSlice;
import io.kaon.record.MalformedBatchException;
import io.kaon.record.SliceReadException;
import io.kaon.record.legacy.Converted;
import io.kaon.record.legacy.DownConverter;
import io.kaon.replication.FetchParams;
import io.kaon.replication.Fetcher;
import io.kaon.replication.PartitionRead;
import io.kaon.replication.PartitionReadResult;
import io.kaon.server.RequestContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * One Fetch 0–3 on its way. What was read may hold nothing that an old client can be shown: markers of transactions,
 * gaps that compaction left. No offset in the answer would lead it past them, so the fetch reads on behind them.
 */
final class LegacyFetch {
    /** How often one fetch reads on; each time it has looked through megabytes without a record. */
    private static final int MAX_ROUNDS = 64;

    private static final Logger LOG = Logger.getLogger(LegacyFetch.class);

    private final Means means;
    private final Format format;
    private final FetchParams params;
    private final RequestContext context;
    private final long startNs;

    LegacyFetch(Means means, Format format, FetchParams params, RequestContext context) {
        this.means = means;
        this.format = format;
        this.params = params;
        this.context = context;
        this.startNs = means.clock.nanos();
    }

    /**
     * What all of them share.
     *
     * @param threads where records are converted
     */
    record Means(Fetcher fetcher, DiskThreads threads, ConversionBudget budget, Clock clock) {}

    /**
     * What the version of the request asks for.
     *
     * @param isBoundHard whether a first message is cut at the partition's bound
     */
    record Format(DownConverter converter, boolean isBoundHard) {}

    /** @param first which of the reads has the first claim on the answer's bytes */
    CompletionStage<List<PartitionReadResult>> start(List<PartitionRead> reads, int first) {
        List<PartitionRead> inTurn = new ArrayList<>(reads);
        Collections.rotate(inTurn, -first);
        return round(inTurn, MAX_ROUNDS).thenApply(results -> {
            List<PartitionReadResult> inOrder = new ArrayList<>(results);
            Collections.rotate(inOrder, first);
            return inOrder;
        });
    }

    private CompletionStage<List<PartitionReadResult>> round(List<PartitionRead> reads, int roundsLeft) {
        return means.fetcher
                .fetch(paramsNow(), reads, context.hurry(), context.connection().home())
                .thenCompose(this::convert)
                .thenCompose(round -> round.isFutile() && roundsLeft > 1
                        ? readOn(round, roundsLeft - 1)
                        : CompletableFuture.completedStage(round.results));
    }

    private CompletionStage<Round> convert(List<PartitionReadResult> found) {
        try {
            return means.threads.submit(() -> converted(found));
        } catch (RejectedExecutionException closing) {
            found.forEach(result -> result.records().release());
            throw closing;
        }
    }

    /** A fetch belongs to its connection, this is a thread that converts. */
    private CompletionStage<List<PartitionReadResult>> readOn(Round round, int roundsLeft) {
        return CompletableFuture.completedFuture(round.reads)
                .thenComposeAsync(
                        reads -> round(reads, roundsLeft), context.connection().home());
    }

    /** All rounds together wait no longer than the client wants to. */
    private FetchParams paramsNow() {
        long waitedMs = TimeUnit.NANOSECONDS.toMillis(means.clock.nanos() - startNs);
        return new FetchParams(
                params.minBytes(),
                params.maxBytes(),
                (int) Math.max(0, params.maxWaitMs() - waitedMs),
                params.readCommitted());
    }

    /**
     * What one reading has brought.
     *
     * @param reads where each partition would go on
     */
    private record Round(List<PartitionReadResult> results, List<PartitionRead> reads, boolean hasSkipped) {
        /** Nothing for the client, though there was something to read. */
        boolean isFutile() {
            return hasSkipped
                    && results.stream()
                            .allMatch(result -> result.error() == ErrorCode.NONE
                                    && result.records().sizeInBytes() == 0);
        }
    }

    private Round converted(List<PartitionReadResult> found) {
        List<PartitionReadResult> results = new ArrayList<>(found.size());
        List<PartitionRead> next = new ArrayList<>(found.size());
        boolean hasSkipped = false;
        int room = means.budget.room(params.maxBytes());
        boolean isFirst = true;
        boolean isDone = false;
        try {
            for (PartitionReadResult result : found) {
                Piece piece = convert(result, room, isFirst);
                int size = piece.result.records().sizeInBytes();
                room = Math.max(0, room - size);
                isFirst &= size == 0;
                hasSkipped |= size == 0 && piece.nextOffset > result.read().fetchOffset();
                results.add(piece.result);
                next.add(at(result.read(), piece.nextOffset));
            }
            isDone = true;
        } finally {
            found.forEach(result -> result.records().release());
            if (!isDone) {
                results.forEach(result -> result.records().release());
            }
        }
        return new Round(results, next, hasSkipped);
    }

    private record Piece(PartitionReadResult result, long nextOffset) {}

    private Piece convert(PartitionReadResult result, int room, boolean isFirst) {
        PartitionRead read = result.read();
        if (!(result.records() instanceof FileSlice region) || region.sizeInBytes() == 0) {
            return new Piece(result, read.fetchOffset());
        }
        DownConverter.Bounds bounds = new DownConverter.Bounds(
                read.fetchOffset(),
                Math.min(read.maxBytes(), room),
                isFirst,
                format.isBoundHard ? read.maxBytes() : Integer.MAX_VALUE);
        try {
            Converted converted = format.converter.convert(region, bounds);
            return converted.isUnsupported()
                    ? failed(read, ErrorCode.UNSUPPORTED_COMPRESSION_TYPE)
                    : new Piece(result.withRecords(means.budget.charge(converted.set())), converted.nextOffset());
        } catch (SliceReadException failure) {
            LOG.errorf(failure, "A fetch from %s failed", read.name());
            return failed(read, ErrorCode.KAFKA_STORAGE_ERROR);
        } catch (MalformedBatchException damage) {
            LOG.warnf("A fetch from %s at %s failed: %s", read.name(), read.fetchOffset(), damage.getMessage());
            return failed(read, ErrorCode.CORRUPT_MESSAGE);
        }
    }

    private static Piece failed(PartitionRead read, ErrorCode error) {
        return new Piece(PartitionReadResult.failed(read, error), read.fetchOffset());
    }

    private static PartitionRead at(PartitionRead read, long offset) {
        return new PartitionRead(
                read.name(),
                read.topicId(),
                offset,
                read.maxBytes(),
                read.currentLeaderEpoch(),
                read.lastFetchedEpoch());
    }
}
