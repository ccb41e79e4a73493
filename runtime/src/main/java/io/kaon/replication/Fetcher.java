// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.TopicPartition;
import io.kaon.exec.DiskThreads;
import io.kaon.exec.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Reads from several partitions, waiting until there is enough or the time is up. The state of one fetch is owned by the
 * executor that it came with (the connection's event loop); what is not known to be in the page cache is read on disk threads.
 */
public final class Fetcher {
    private final PartitionRegistry partitions;
    private final DiskThreads disk;
    private final Scheduler scheduler;

    public Fetcher(PartitionRegistry partitions, DiskThreads disk, Scheduler scheduler) {
        this.partitions = partitions;
        this.disk = disk;
        this.scheduler = scheduler;
    }

    /**
     * Answers with one result for each read, in their order. Partitions that this broker does not serve get a typed error
     * and end the wait at once.
     *
     * @param hurry completes when the answer should leave with what there is
     * @param home where the fetch's own steps run; runs tasks one at a time, in order
     */
    public CompletionStage<List<PartitionReadResult>> fetch(
            FetchParams params, List<PartitionRead> reads, CompletionStage<?> hurry, Executor home) {
        CompletableFuture<List<PartitionReadResult>> answer = new CompletableFuture<>();
        List<TopicPartition> closed = closedPartitions(reads);
        WaitingFetch fetch = new WaitingFetch(new PartitionReader(partitions), params, reads, answer, disk, home);
        if (closed.isEmpty()) {
            fetch.start(scheduler, hurry);
        } else {
            openAll(closed).whenComplete((done, failure) -> home.execute(() -> fetch.start(scheduler, hurry)));
        }
        return answer;
    }

    private List<TopicPartition> closedPartitions(List<PartitionRead> reads) {
        List<TopicPartition> closed = new ArrayList<>(0);
        for (PartitionRead read : reads) {
            if (partitions.find(read.name()) instanceof PartitionLookup.Found found
                    && !found.partition().isOpen()) {
                closed.add(read.name());
            }
        }
        return closed;
    }

    private CompletionStage<Void> openAll(List<TopicPartition> names) {
        return CompletableFuture.allOf(names.stream()
                .map(name -> partitions.open(name).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }
}
