// SPDX-License-Identifier: Apache-2.0
package io.kaon.controller;

import io.kaon.common.Uuid;
import io.kaon.coordination.ControllerElection;
import io.kaon.coordination.ImageFollower;
import io.kaon.coordination.Journal;
import io.kaon.coordination.JournalException;
import io.kaon.coordination.JournalUndoneException;
import io.kaon.exec.SerialExecutor;
import io.kaon.metadata.BrokerImage;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ImageBuilder;
import io.kaon.metadata.MetadataImages;
import io.kaon.wire.StateMessage;
import io.kaon.wire.message.AlterConfigsRequest;
import io.kaon.wire.message.AlterConfigsResponse;
import io.kaon.wire.message.CreatePartitionsRequest;
import io.kaon.wire.message.CreatePartitionsResponse;
import io.kaon.wire.message.CreateTopicsRequest;
import io.kaon.wire.message.CreateTopicsResponse;
import io.kaon.wire.message.DeleteTopicsRequest;
import io.kaon.wire.message.DeleteTopicsResponse;
import io.kaon.wire.message.IncrementalAlterConfigsRequest;
import io.kaon.wire.message.IncrementalAlterConfigsResponse;
import io.kaon.wire.message.UpdateFeaturesRequest;
import io.kaon.wire.message.UpdateFeaturesResponse;
import io.kaon.wire.state.ClusterRecord;
import io.kaon.wire.state.ControllerRecord;
import io.kaon.wire.state.ProducerIdsRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The single writer of metadata. Owned by the journal's owner; every public method may be called by any thread and
 * completes inside the owner. A request is decided against everything that was appended before, durable or not; its
 * answer leaves when its records are durable and all listeners have seen the image with them (S11). An answer that
 * changes nothing leaves when what it was decided on is durable.
 *
 * <p>Results fail with a {@link JournalException} when the journal has failed, and with
 * {@link RejectedExecutionException} when this controller is not active or too many requests wait.
 */
public final class Controller implements ControllerElection.Listener {
    private final ControllerOptions options;
    private final SerialExecutor owner;
    private final Journal journal;
    private final MetadataImages images;
    private final ControllerElection election;
    private final Supplier<Uuid> ids;

    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private ClusterImage deciding = ClusterImage.EMPTY;
    private CompletionStage<Long> lastAppend = CompletableFuture.completedStage(ClusterImage.NO_OFFSET);
    private int waiting;
    private boolean isActive;

    /**
     * @param owner the same as the journal's
     * @param images where what was decided becomes visible
     * @param ids makes random ids
     */
    public Controller(
            ControllerOptions options,
            SerialExecutor owner,
            Journal journal,
            MetadataImages images,
            ControllerElection election,
            Supplier<Uuid> ids) {
        this.options = options;
        this.owner = owner;
        this.journal = journal;
        this.images = images;
        this.election = election;
        this.ids = ids;
    }

    /**
     * Reads the journal and takes office. Completes when requests can be decided; fails with a {@link
     * JournalException} whose message is one sentence for the operator.
     */
    public CompletionStage<Void> start() {
        owner.execute(() -> journal.follow(new ImageFollower(images)).whenComplete((none, failure) -> {
            String clusterId = images.current().clusterId();
            if (failure != null) {
                started.completeExceptionally(failure);
            } else if (clusterId.isEmpty() || clusterId.equals(options.clusterId())) {
                election.campaign(this);
            } else {
                started.completeExceptionally(new JournalException("the metadata journal belongs to cluster "
                        + clusterId + ", the data directory to cluster " + options.clusterId()));
            }
        }));
        return started;
    }

    /** Whether metadata can be read but not changed until the next start, because the journal has failed. */
    public boolean hasJournalFailed() {
        return journal.hasFailed();
    }

    /** Answers what was decided, then lets go of the journal. */
    public CompletionStage<Void> close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        owner.execute(() -> {
            isActive = false;
            election.withdraw();
            journal.close().whenComplete((none, failure) -> {
                if (failure == null) {
                    closed.complete(null);
                } else {
                    closed.completeExceptionally(failure);
                }
            });
        });
        return closed;
    }

    @Override
    public void onElected(int controllerEpoch) {
        owner.assertInside();
        deciding = images.current();
        isActive = true;
        List<StateMessage> records = new ArrayList<>();
        if (deciding.clusterId().isEmpty()) {
            records.add(new ClusterRecord().setClusterId(options.clusterId()));
        }
        records.add(new ControllerRecord().setControllerId(options.nodeId()).setControllerEpoch(controllerEpoch));
        records.addAll(FeatureUpdate.firstLevels(deciding));
        append(records).whenComplete((offset, failure) -> {
            if (failure == null) {
                started.complete(null);
            } else {
                started.completeExceptionally(failure);
            }
        });
    }

    @Override
    public void onResigned() {
        owner.assertInside();
        isActive = false;
    }

    /** Registers a broker whose last life may not have ended clean. */
    public CompletionStage<Long> registerBroker(BrokerImage broker) {
        return registerBroker(broker, OptionalLong.empty());
    }

    /**
     * Registers a broker; its epoch is given here. Completes with the new broker epoch.
     *
     * @param cleanEpoch the broker epoch of a life that has ended clean, as its data directory says
     */
    public CompletionStage<Long> registerBroker(BrokerImage broker, OptionalLong cleanEpoch) {
        return decide(image -> {
            long epoch = journal.endOffset();
            return new BrokerRegistration(image, cleanEpoch)
                    .decide(new BrokerImage(broker.id(), epoch, broker.listeners(), broker.rack(), broker.fenced()));
        });
    }

    /** Makes topics, also those that are made on first use: with −1 for partitions and replicas the defaults count. */
    public CompletionStage<CreateTopicsResponse> createTopics(CreateTopicsRequest request) {
        return decide(image -> new TopicCreation(image, options.settings(), ids).decide(request));
    }

    /**
     * @param version of the request: it says whether topics are named the old or the new way, and which errors are
     * known
     */
    public CompletionStage<DeleteTopicsResponse> deleteTopics(DeleteTopicsRequest request, short version) {
        return decide(image -> new TopicDeletion(image, options.settings()).decide(request, version));
    }

    public CompletionStage<CreatePartitionsResponse> createPartitions(CreatePartitionsRequest request) {
        return decide(image -> new PartitionCreation(image).decide(request));
    }

    public CompletionStage<AlterConfigsResponse> alterConfigs(AlterConfigsRequest request) {
        return decide(image -> new ConfigReplacement(image, options.settings()).decide(request));
    }

    public CompletionStage<IncrementalAlterConfigsResponse> incrementalAlterConfigs(
            IncrementalAlterConfigsRequest request) {
        return decide(image -> new IncrementalAlteration(image, options.settings()).decide(request));
    }

    /** @param version of the request: older ones are answered feature by feature */
    public CompletionStage<UpdateFeaturesResponse> updateFeatures(UpdateFeaturesRequest request, short version) {
        return decide(image -> new FeatureUpdate(image).decide(request, version));
    }

    /** Gives a block of producer ids to a broker. */
    public CompletionStage<ProducerIdBlock> allocateProducerIds(int brokerId) {
        return decide(image -> {
            long firstId = image.nextProducerId();
            StateMessage given = new ProducerIdsRecord()
                    .setBrokerId(brokerId)
                    .setBrokerEpoch(
                            image.broker(brokerId).map(BrokerImage::epoch).orElse(-1L))
                    .setNextProducerId(firstId + ProducerIdBlock.SIZE);
            return new Decision<>(List.of(given), new ProducerIdBlock(firstId, ProducerIdBlock.SIZE));
        });
    }

    private <R> CompletionStage<R> decide(Function<ClusterImage, Decision<R>> decision) {
        CompletableFuture<R> result = new CompletableFuture<>();
        owner.execute(() -> {
            try {
                decide(decision, result);
            } catch (RuntimeException failure) {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    private <R> void decide(Function<ClusterImage, Decision<R>> decision, CompletableFuture<R> result) {
        if (!isActive || waiting >= Limits.MAX_WAITING) {
            throw new RejectedExecutionException(isActive ? "too many requests wait" : "this controller is not active");
        }
        Decision<R> decided = decision.apply(deciding);
        waiting++;
        append(decided.records()).whenComplete((offset, failure) -> {
            waiting--;
            if (failure == null) {
                result.complete(decided.response());
            } else {
                result.completeExceptionally(failure);
            }
        });
    }

    /**
     * Makes records the base of what is decided next, and appends them: in several entries when they are too many,
     * which only happens to records that need not come together. Without records: waits for what was appended before.
     */
    private CompletionStage<Long> append(List<StateMessage> records) {
        for (int from = 0; from < records.size(); from += Limits.MAX_RECORDS_PER_REQUEST) {
            List<StateMessage> entry =
                    records.subList(from, Math.min(records.size(), from + Limits.MAX_RECORDS_PER_REQUEST));
            ClusterImage next = new ImageBuilder(deciding).replay(entry).build(journal.endOffset());
            lastAppend = journal.append(entry);
            deciding = next;
            lastAppend.whenComplete((offset, failure) -> maybeStepBack(failure));
        }
        return lastAppend;
    }

    /** What was decided on what is not in the journal was undone with it. */
    private void maybeStepBack(Throwable failure) {
        if (failure instanceof JournalUndoneException) {
            deciding = images.current();
            lastAppend = CompletableFuture.completedStage(deciding.offset());
        }
    }
}
