// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.exec.Scheduler;
import io.kaon.exec.SerialExecutor;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ConfigResource;
import io.kaon.metadata.ImageChange;
import io.kaon.metadata.ImageListener;
import io.kaon.metadata.PartitionImage;
import io.kaon.metadata.TopicImage;
import io.kaon.storage.LogDirectory;
import io.kaon.storage.LogOptions;
import io.kaon.storage.LogView;
import io.kaon.storage.PartitionLog;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
public final class PartitionRegistry implements ImageListener {
    private static final Logger LOG = Logger.getLogger(PartitionRegistry.class);

    private final int nodeId;
    private final Supplier<ClusterImage> images;
    private final LogDirectory logs;
    private final BiFunction<ClusterImage, String, LogOptions> options;
    private final Executor workers;
    private final Scheduler scheduler;
    private final Map<TopicPartition, Partition> partitions = new ConcurrentHashMap<>();
    private final Map<TopicPartition, CompletionStage<Void>> deletions = new ConcurrentHashMap<>();
    private final PartitionMeters meters = new PartitionMeters();

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
        logs.metrics().source(meters);
    }

    /** What is counted of the partitions. */
    public PartitionMeters meters() {
        return meters;
    }

    /** What is readable of a partition now; empty when nobody has used it yet, or its log is not open. */
    public Optional<LogView> viewIfOpen(TopicPartition name) {
        return Optional.ofNullable(partitions.get(name)).flatMap(Partition::viewIfOpen);
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
        Partition made = partitions.computeIfAbsent(name, ignored -> create(key, partition.leaderEpoch()));
        if (isCurrent(made)) {
            return new PartitionLookup.Found(made);
        }
        // The topic was deleted while we looked, and what ended its partitions may have passed before this one came.
        remove(new PartitionKey(name, made.topicId()));
        return find(name);
    }

    private boolean isCurrent(Partition partition) {
        return images.get()
                .topic(partition.name().topic())
                .filter(topic -> topic.id().equals(partition.topicId()))
                .isPresent();
    }

    /** The partition of the topic with that id, if this broker leads it (topic-id versions, KIP-516). */
    public PartitionLookup find(Uuid topicId, int partition) {
        return images.get()
                .topic(topicId)
                .map(topic -> find(new TopicPartition(topic.name(), partition)))
                .orElseGet(() -> new PartitionLookup.Missing(ErrorCode.UNKNOWN_TOPIC_ID));
    }

    /** Whether this broker leads a partition of that name, used or not. */
    boolean leads(TopicPartition name) {
        return images.get()
                .topic(name.topic())
                .flatMap(topic -> topic.partition(name.partition()))
                .filter(partition -> partition.leader() == nodeId)
                .isPresent();
    }

    /** The settings of a topic's logs that are in effect now. */
    LogOptions optionsOf(String topic) {
        return options.apply(images.get(), topic);
    }

    /**
     * As {@link #find(TopicPartition)}, answered once the log is open and has done what it was asked before: a client
     * that produces with acks=0 and then asks for the end sees its records. KAFKA_STORAGE_ERROR when the log cannot be
     * opened.
     */
    public CompletionStage<PartitionLookup> open(TopicPartition name) {
        PartitionLookup lookup = find(name);
        if (!(lookup instanceof PartitionLookup.Found found)) {
            return CompletableFuture.completedStage(lookup);
        }
        return found.partition()
                .open()
                .<PartitionLookup>thenApply(view -> found)
                .exceptionally(failure -> new PartitionLookup.Missing(errorOf(failure)));
    }

    /**
     * Ends what is gone and refreshes settings, before the change is acknowledged: a deleted topic is never read again (S12).
     */
    @Override
    public void onImage(ClusterImage image, ImageChange change) {
        for (TopicImage topic : change.removed()) {
            for (PartitionImage partition : topic.partitions()) {
                remove(new PartitionKey(new TopicPartition(topic.name(), partition.index()), topic.id()));
            }
            if (images.get().topic(topic.name()).isEmpty()) { // Else it is there anew, and counting goes on.
                meters.topics().remove(topic.name());
            }
        }
        if (!change.configs().isEmpty()) {
            reconfigure(image, change.configs());
        }
    }

    private void reconfigure(ClusterImage image, Set<ConfigResource> changed) {
        boolean ofBrokers = changed.stream().anyMatch(resource -> resource.type() == ConfigResource.Type.BROKER);
        for (Partition partition : partitions.values()) {
            String topic = partition.name().topic();
            if (ofBrokers || changed.contains(ConfigResource.topic(topic))) {
                partition.reconfigure(options.apply(image, topic));
            }
        }
    }

    private Partition create(PartitionKey key, int leaderEpoch) {
        SerialExecutor owner = SerialExecutor.withAway(key.name().toString(), workers, logs.diskThreads());
        return new Partition(key, leaderEpoch, owner, scheduler, meters, () -> openLog(key, owner));
    }

    private CompletionStage<PartitionLog> openLog(PartitionKey key, SerialExecutor owner) {
        LogOptions settings = options.apply(images.get(), key.name().topic());
        CompletionStage<Void> earlier = deletions.get(key.name());
        CompletionStage<Void> free = earlier == null ? CompletableFuture.completedStage(null) : earlier;
        return free.thenCompose(ignored -> logs.openLog(key.name(), key.topicId(), settings, owner));
    }

    private void remove(PartitionKey key) {
        CompletionStage<Optional<PartitionLog>> ended = closed(key);
        CompletionStage<Void> deletion = deletions.compute(
                key.name(),
                (name, earlier) ->
                        earlier == null ? delete(key, ended) : earlier.thenCompose(done -> delete(key, ended)));
        deletion.whenComplete((done, failure) -> deletions.remove(key.name(), deletion));
    }

    /** One after the other for each name: a folder that is renamed late must not be the next topic's. */
    private CompletionStage<Void> delete(PartitionKey key, CompletionStage<Optional<PartitionLog>> ended) {
        return ended.thenCompose(
                        log -> log.map(PartitionLog::delete).orElseGet(() -> logs.deleteLog(key.name(), key.topicId())))
                .exceptionally(failure -> {
                    LOG.errorf(failure, "The files of the deleted partition %s stay behind", key.name());
                    return null;
                });
    }

    /** Ends the partition if somebody has used it; the log if it was opened. */
    private CompletionStage<Optional<PartitionLog>> closed(PartitionKey key) {
        Partition partition = partitions.get(key.name());
        if (partition == null || !partition.topicId().equals(key.topicId())) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        partitions.remove(key.name(), partition);
        return partition.retire(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    static ErrorCode errorOf(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof PartitionUnavailable unavailable ? unavailable.error() : ErrorCode.KAFKA_STORAGE_ERROR;
    }
}
