// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/**
 * The topics that the strategy {@code delayed-retry-topic} of a channel writes to. Those that are missing are made with as
 * many partitions as the topic whose records they take, because a record keeps its partition there: when the channel
 * starts, or, if its own topic is not there yet, with the first record that needs them. Any thread.
 */
final class RetryTopics {
    private static final Logger LOG = Logger.getLogger(RetryTopics.class);

    private final Vertx vertx;
    private final TopicMaker maker;
    private final RetrySettings settings;
    private final Set<String> names;
    private final CompletableFuture<Map<String, Integer>> ready = new CompletableFuture<>();
    private final AtomicReference<CompletableFuture<Map<String, Integer>>> making = new AtomicReference<>();

    RetryTopics(Vertx vertx, TopicMaker maker, RetrySettings settings) {
        this.vertx = vertx;
        this.maker = maker;
        this.settings = settings;
        this.names = new LinkedHashSet<>(settings.topics());
        settings.deadLetterTopic().ifPresent(names::add);
    }

    /** Has the topics made if those of the channel are there. */
    void prepare(Set<String> sources) {
        ensure(sources).whenComplete((counts, failure) -> {
            if (failure != null) {
                LOG.debugf(
                        "Channel '%s': its retry topics wait for the first record that needs them: %s",
                        settings.channel(), failure.toString());
            }
        });
    }

    /** Completes once the topics are there, with the number of partitions of each. Never fails. */
    Uni<Map<String, Integer>> ready() {
        return Uni.createFrom().completionStage(ready);
    }

    /**
     * The same, and makes them if they are not there.
     *
     * @param source the topic of a record that needs them
     */
    Uni<Map<String, Integer>> ready(String source) {
        return ready.isDone() ? ready() : Uni.createFrom().completionStage(() -> ensure(Set.of(source)));
    }

    /** The partition for a record in one of the topics: the one that it had, if there is such a one. */
    static OptionalInt partition(Map<String, Integer> counts, String topic, int partition) {
        Integer count = counts.get(topic);
        return count == null || partition >= count ? OptionalInt.empty() : OptionalInt.of(partition);
    }

    private CompletableFuture<Map<String, Integer>> ensure(Set<String> sources) {
        CompletableFuture<Map<String, Integer>> mine = new CompletableFuture<>();
        CompletableFuture<Map<String, Integer>> current = making.compareAndExchange(null, mine);
        if (current != null) {
            return current;
        }
        vertx.<Map<String, Integer>>executeBlocking(() -> make(sources), false).onComplete(made -> {
            if (made.succeeded()) {
                ready.complete(made.result());
                mine.complete(made.result());
            } else {
                making.set(null); // The next one tries again.
                mine.completeExceptionally(made.cause());
            }
        });
        return mine;
    }

    private Map<String, Integer> make(Set<String> sources) {
        Map<String, Integer> there = maker.partitionCounts(names);
        List<String> missing = new ArrayList<>(names);
        missing.removeAll(there.keySet());
        if (missing.isEmpty()) {
            return Map.copyOf(there);
        }
        int partitionCount = maker.partitionCounts(sources).values().stream()
                .mapToInt(count -> count)
                .max()
                .orElseThrow(() -> new IllegalStateException("none of " + sources + " is there"));
        maker.make(missing, partitionCount);
        LOG.infof(
                "Channel '%s': made the topics %s with %d partitions, for records that are tried again",
                settings.channel(), missing, partitionCount);
        missing.forEach(topic -> there.put(topic, partitionCount));
        return Map.copyOf(there);
    }
}
