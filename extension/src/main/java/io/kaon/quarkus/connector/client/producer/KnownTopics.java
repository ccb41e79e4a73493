// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import io.kaon.quarkus.connector.client.Deadline;
import io.kaon.quarkus.connector.client.TopicDirectory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;

/**
 * The topics that a producer has sent to, as far as is known. What is older than {@code metadata.max.age.ms} is used
 * once more, while it is looked up anew. Any thread.
 */
final class KnownTopics {
    private static final long RETRY_MS = 50;

    private final TopicDirectory directory;
    private final long maxAgeMs;
    private final long maxBlockMs;
    private final Map<String, KnownTopic> known = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<KnownTopic>> searches = new ConcurrentHashMap<>();

    /**
     * One topic.
     *
     * @param partitions all of them, by number
     * @param until when to look again
     * @param sticky where records without a key go
     */
    record KnownTopic(List<TopicPartition> partitions, Cluster cluster, Deadline until, StickyPartition sticky) {}

    KnownTopics(TopicDirectory directory, long maxAgeMs, long maxBlockMs) {
        this.directory = directory;
        this.maxAgeMs = maxAgeMs;
        this.maxBlockMs = maxBlockMs;
    }

    /** What is known already. */
    Optional<KnownTopic> get(String topic) {
        KnownTopic found = known.get(topic);
        if (found != null && found.until().hasPassed()) {
            search(topic);
        }
        return Optional.ofNullable(found);
    }

    /** Asks the broker until it has the topic; fails with the broker's reason after {@code max.block.ms}. */
    CompletableFuture<KnownTopic> search(String topic) {
        CompletableFuture<KnownTopic> mine = new CompletableFuture<>();
        CompletableFuture<KnownTopic> other = searches.putIfAbsent(topic, mine);
        if (other != null) {
            return other;
        }
        mine.whenComplete((found, failure) -> searches.remove(topic, mine));
        ask(topic, Deadline.inMs(maxBlockMs), mine);
        return mine;
    }

    /**
     * The topic is not as it was. It is looked up at once, for what is sent again: that may be the topic's only record,
     * and by asking for it the topic is made where the broker makes topics.
     */
    void forget(String topic) {
        known.remove(topic);
        search(topic);
    }

    private void ask(String topic, Deadline deadline, CompletableFuture<KnownTopic> result) {
        directory.lookUp(List.of(topic)).whenComplete((topics, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else if (topics.partitionCount(topic) > 0) {
                KnownTopic found = toKnown(topic, topics);
                known.put(topic, found);
                result.complete(found);
            } else {
                ApiException reason = topics.errors()
                        .getOrDefault(topic, Errors.UNKNOWN_TOPIC_OR_PARTITION)
                        .exception();
                if (!(reason instanceof RetriableException) || deadline.hasPassed()) {
                    result.completeExceptionally(reason);
                } else {
                    CompletableFuture.delayedExecutor(RETRY_MS, TimeUnit.MILLISECONDS)
                            .execute(() -> ask(topic, deadline, result));
                }
            }
        });
    }

    private KnownTopic toKnown(String topic, TopicDirectory.Topics topics) {
        List<TopicPartition> partitions = topics.partitionsOf(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        KnownTopic before = known.get(topic);
        StickyPartition sticky = before != null && before.partitions().size() == partitions.size()
                ? before.sticky()
                : new StickyPartition(partitions.size());
        return new KnownTopic(partitions, topics.toCluster(), Deadline.inMs(maxAgeMs), sticky);
    }
}
