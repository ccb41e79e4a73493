// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.exec.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Reads from several partitions, waiting until there is enough or the time is up. The state of one fetch is owned by the
 * executor that it came with (the connection's event loop); what is not known to be in the page cache is read elsewhere.
 */
public final class Fetcher {
    private static final CompletableFuture<Void> NOTHING_TO_OPEN = CompletableFuture.completedFuture(null);

    private final PartitionRegistry partitions;
    private final Executor coldReads;
    private final Scheduler scheduler;

    /**
     * @param coldReads threads on which reading may block, so few that reading old records leaves the disk to others;
     *     a connection has one read there at a time, so they take turns
     */
    public Fetcher(PartitionRegistry partitions, Executor coldReads, Scheduler scheduler) {
        this.partitions = partitions;
        this.coldReads = coldReads;
        this.scheduler = scheduler;
    }

    /**
     * Answers with one result for each read, in their order. Partitions that this broker does not serve get a typed error
     * and end the wait at once; those whose logs cannot be opened in time, a retriable one.
     *
     * @param hurry completes when the answer should leave with what there is
     * @param home where the fetch's own steps run; runs tasks one at a time, in order
     */
    public CompletionStage<List<PartitionReadResult>> fetch(
            FetchParams params, List<PartitionRead> reads, CompletionStage<?> hurry, Executor home) {
        CompletableFuture<List<PartitionReadResult>> answer = new CompletableFuture<>();
        List<ResolvedRead> resolved = new ArrayList<>(reads.size());
        for (PartitionRead read : reads) {
            resolved.add(ResolvedRead.of(partitions, read));
        }
        new WaitingFetch(
                        params,
                        resolved,
                        answer,
                        coldReads,
                        home,
                        partitions.meters().waitingFetches())
                .start(scheduler, hurry, opened(resolved));
        return answer;
    }

    /** Opens what is not open; completes when each has come to an end, never with a failure. */
    private static CompletableFuture<Void> opened(List<ResolvedRead> reads) {
        List<CompletableFuture<?>> openings = new ArrayList<>(0);
        for (ResolvedRead read : reads) {
            if (read.needsOpening()) {
                read.partition()
                        .ifPresent(partition -> openings.add(
                                partition.open().handle((view, failure) -> null).toCompletableFuture()));
            }
        }
        return openings.isEmpty()
                ? NOTHING_TO_OPEN
                : CompletableFuture.allOf(openings.toArray(CompletableFuture[]::new));
    }
}
