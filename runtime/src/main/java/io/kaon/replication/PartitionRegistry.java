// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.exec.Scheduler;
import io.kaon.exec.SerialExecutor;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.PartitionImage;
import io.kaon.metadata.TopicImage;
import io.kaon.storage.LogDirectory;
import io.kaon.storage.LogOptions;
import io.kaon.storage.PartitionLog;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The partitions of this broker. Follows the cluster's metadata: what the image says decides, and a partition's log is
 * opened when somebody asks for it. Any thread; images come in one at a time.
 */
public final class PartitionRegistry {
    private static final Logger LOG = Logger.getLogger(PartitionRegistry.class);

    private final int nodeId;
    private final Supplier<ClusterImage> images;
    private final LogDirectory logs;
    private final BiFunction<ClusterImage, String, LogOptions> options;
    private final Executor workers;
    private final Scheduler scheduler;
    private final Map<TopicPartition, Partition> partitions = new ConcurrentHashMap<>();
    private final Map<TopicPartition, CompletionStage<Void>> deletions = new ConcurrentHashMap<>();

    /**
     * @param nodeId this broker's id
     * @param images the image that counts now
     * @param options the effective log settings of a topic under an image
     * @param workers where an owner's tasks run that no broker thread can run at once
     */
    public PartitionRegistry(
            int nodeId,
            Supplier<ClusterImage> images,
            LogDirectory logs,
            BiFunction<ClusterImage, String, LogOptions> options,
            Executor workers,
            Scheduler scheduler) {
        this.nodeId = nodeId;
        this.images = images;
        this.logs = logs;
        this.options = options;
        this.workers = workers;
        this.scheduler = scheduler;
    }

    /** The partition of that name, if this broker leads it. */
    public PartitionLookup find(TopicPartition name) {
        Partition known = partitions.get(name);
        if (known != null) {
            return new PartitionLookup.Found(known);
        }
        ClusterImage image = images.get();
        Optional<TopicImage> topic = image.topic(name.topic());
        if (topic.isEmpty() || name.partition() >= topic.get().partitions().size()) {
            return new PartitionLookup.Missing(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        PartitionImage partition = topic.get().partitions().get(name.partition());
        if (partition.leader() != nodeId) {
            return new PartitionLookup.Missing(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        }
        PartitionKey key = new PartitionKey(name, topic.get().id());
        return new PartitionLookup.Found(
                partitions.computeIfAbsent(name, ignored -> create(key, partition.leaderEpoch())));
    }

    /** The partition of the topic with that id, if this broker leads it (topic-id versions, KIP-516). */
    public PartitionLookup find(Uuid topicId, int partition) {
        return images.get()
                .topic(topicId)
                .map(topic -> find(new TopicPartition(topic.name(), partition)))
                .orElseGet(() -> new PartitionLookup.Missing(ErrorCode.UNKNOWN_TOPIC_ID));
    }

    /** As {@link #find(TopicPartition)}, answered once the log is open; KAFKA_STORAGE_ERROR when it cannot be opened. */
    public CompletionStage<PartitionLookup> open(TopicPartition name) {
        PartitionLookup lookup = find(name);
        if (!(lookup instanceof PartitionLookup.Found found) || found.partition().isOpen()) {
            return CompletableFuture.completedStage(lookup);
        }
        return found.partition()
                .open()
                .<PartitionLookup>thenApply(view -> found)
                .exceptionally(failure -> new PartitionLookup.Missing(errorOf(failure)));
    }

    /** Bytes that the open log of a partition has on disk; 0 when nobody has used it since the start. */
    public long sizeInBytes(TopicPartition name) {
        Partition known = partitions.get(name);
        return known == null ? 0 : known.sizeInBytes();
    }

    /**
     * Takes over a new image: ends what is gone, refreshes settings. Called on the publishing thread before a change is
     * acknowledged, so that a deleted topic is never read again (S12).
     */
    public void onImage(ClusterImage image) {
        for (Partition partition : partitions.values()) {
            Optional<TopicImage> topic = image.topic(partition.name().topic());
            boolean stays = topic.isPresent() && topic.get().id().equals(partition.topicId());
            if (stays) {
                partition.reconfigure(options.apply(image, partition.name().topic()));
            } else {
                remove(partition);
            }
        }
    }

    private Partition create(PartitionKey key, int leaderEpoch) {
        SerialExecutor owner = new SerialExecutor(key.name().toString(), workers);
        return new Partition(key, leaderEpoch, owner, scheduler, () -> openLog(key, owner));
    }

    private CompletionStage<PartitionLog> openLog(PartitionKey key, SerialExecutor owner) {
        LogOptions settings = options.apply(images.get(), key.name().topic());
        CompletionStage<Void> earlier = deletions.get(key.name());
        CompletionStage<Void> free = earlier == null ? CompletableFuture.completedStage(null) : earlier;
        return free.thenCompose(ignored -> logs.openLog(key.name(), key.topicId(), settings, owner));
    }

    private void remove(Partition partition) {
        partitions.remove(partition.name(), partition);
        CompletionStage<Void> deletion = partition
                .retire(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
                .thenCompose(log -> log.map(PartitionLog::delete)
                        .orElseGet(() -> logs.deleteLog(partition.name(), partition.topicId())))
                .exceptionally(failure -> {
                    LOG.errorf(failure, "The files of the deleted partition %s stay behind", partition);
                    return null;
                });
        deletions.put(partition.name(), deletion);
        deletion.whenComplete((done, failure) -> deletions.remove(partition.name(), deletion));
    }

    static ErrorCode errorOf(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof PartitionUnavailable unavailable ? unavailable.error() : ErrorCode.KAFKA_STORAGE_ERROR;
    }
}
