// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.map;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How many records of its partitions a channel has not processed: from the committed offset, or where nothing is committed
 * from the position, to the end of the log. The broker is asked, because a channel that is paused hears nothing of new
 * records; once in a while, between two polls of the channel's own consumers. Any thread.
 */
final class ChannelLag {
    private static final long FRESH_NS = TimeUnit.MILLISECONDS.toNanos(1_500);
    private static final Duration PATIENCE = Duration.ofMillis(1_000);

    private record Known(OptionalLong lag, long atNs) {}

    private final LongSupplier clockNs;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<OptionalLong>> asking = new ConcurrentHashMap<>();

    ChannelLag(LongSupplier clockNs) {
        this.clockNs = clockNs;
    }

    /** The lag, no older than two seconds; what was known last if the consumers are busy. Never fails. */
    CompletableFuture<OptionalLong> of(String channel, List<? extends KafkaConsumer<?, ?>> clients) {
        Known last = known.get(channel);
        if (last != null && clockNs.getAsLong() - last.atNs() < FRESH_NS) {
            return CompletableFuture.completedFuture(last.lag());
        }
        OptionalLong before = last == null ? OptionalLong.empty() : last.lag();
        CompletableFuture<OptionalLong> mine = new CompletableFuture<>();
        CompletableFuture<OptionalLong> others = asking.putIfAbsent(channel, mine);
        if (others == null) {
            ask(channel, clients, mine);
        }
        return (others == null ? mine : others)
                .copy()
                .completeOnTimeout(before, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> before);
    }

    private void ask(
            String channel, List<? extends KafkaConsumer<?, ?>> clients, CompletableFuture<OptionalLong> answer) {
        Multi.createFrom()
                .iterable(clients)
                .onItem()
                .transformToUniAndMerge(ChannelLag::ofOne)
                .collect()
                .with(Collectors.summingLong(Long::longValue))
                .subscribe()
                .with(
                        lag -> {
                            known.put(channel, new Known(OptionalLong.of(lag), clockNs.getAsLong()));
                            asking.remove(channel, answer);
                            answer.complete(OptionalLong.of(lag));
                        },
                        failure -> {
                            asking.remove(channel, answer);
                            answer.completeExceptionally(failure);
                        });
    }

    private static <K, V> Uni<Long> ofOne(KafkaConsumer<K, V> client) {
        return client.runOnPollingThread((Function<Consumer<K, V>, Long>) ChannelLag::now);
    }

    private static long now(Consumer<?, ?> consumer) {
        Set<TopicPartition> assignment = consumer.assignment();
        if (assignment.isEmpty()) {
            return 0;
        }
        Map<TopicPartition, Long> ends = consumer.endOffsets(assignment, PATIENCE);
        Map<TopicPartition, OffsetAndMetadata> committed =
                isInGroup(consumer) ? consumer.committed(assignment, PATIENCE) : Map.of();
        long lag = 0;
        for (TopicPartition partition : assignment) {
            OffsetAndMetadata processed = committed.get(partition);
            long from = processed == null ? consumer.position(partition, PATIENCE) : processed.offset();
            lag += Math.max(0, ends.getOrDefault(partition, from) - from);
        }
        return lag;
    }

    private static boolean isInGroup(Consumer<?, ?> consumer) {
        String group = consumer.groupMetadata().groupId();
        return group != null && !group.isEmpty();
    }
}
