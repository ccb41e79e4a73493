// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.common.Gather;
import io.kaon.metadata.InternalTopics;
import io.kaon.metadata.MetadataImages;
import io.kaon.metadata.config.BrokerSettings;
import io.kaon.metadata.config.TopicSettings;
import io.kaon.replication.DeleteRecordsOutcome;
import io.kaon.replication.Partition;
import io.kaon.replication.PartitionLookup;
import io.kaon.replication.PartitionRegistry;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.ErrorMapping;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.wire.message.DeleteRecordsRequest;
import io.kaon.wire.message.DeleteRecordsRequest.DeleteRecordsPartition;
import io.kaon.wire.message.DeleteRecordsRequest.DeleteRecordsTopic;
import io.kaon.wire.message.DeleteRecordsResponse;
import io.kaon.wire.message.DeleteRecordsResponse.DeleteRecordsPartitionResult;
import io.kaon.wire.message.DeleteRecordsResponse.DeleteRecordsTopicResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Moves log start offsets forward. Not on a topic that is only compacted, nor on an internal one: POLICY_VIOLATION and
 * INVALID_TOPIC_EXCEPTION, as Kafka.
 */
public final class DeleteRecordsHandler implements ApiHandler<DeleteRecordsRequest> {
    private static final long NO_OFFSET = -1;
    private static final int NO_EPOCH = -1;

    private final PartitionAccess access;
    private final MetadataImages images;
    private final BrokerSettings settings;

    /** @param settings the broker's, which give topics their defaults */
    public DeleteRecordsHandler(
            PartitionRegistry partitions, MetadataImages images, BrokerSettings settings, Authoriser authoriser) {
        this.access = new PartitionAccess(partitions, authoriser);
        this.images = images;
        this.settings = settings;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, DeleteRecordsRequest request) {
        List<CompletionStage<DeleteRecordsTopicResult>> topics = new ArrayList<>();
        for (DeleteRecordsTopic topic : request.topics()) {
            List<CompletionStage<DeleteRecordsPartitionResult>> partitions = new ArrayList<>();
            for (DeleteRecordsPartition partition : topic.partitions()) {
                partitions.add(delete(context, topic.name(), partition));
            }
            topics.add(Gather.all(partitions)
                    .thenApply(done ->
                            new DeleteRecordsTopicResult().setName(topic.name()).setPartitions(done)));
        }
        return Reply.later(Gather.all(topics).thenApply(done -> new DeleteRecordsResponse().setTopics(done)));
    }

    private CompletionStage<DeleteRecordsPartitionResult> delete(
            RequestContext context, String topic, DeleteRecordsPartition asked) {
        PartitionAccess.Question question =
                new PartitionAccess.Question(Operation.DELETE, topic, asked.partitionIndex(), NO_EPOCH);
        return access.open(context, question)
                .thenCompose(lookup -> lookup instanceof PartitionLookup.Found found
                        ? delete(found.partition(), asked.offset())
                        : failed(((PartitionLookup.Missing) lookup).error()))
                .exceptionally(failure -> new DeleteRecordsOutcome(ErrorMapping.codeOf(failure), NO_OFFSET))
                .thenApply(outcome -> new DeleteRecordsPartitionResult()
                        .setPartitionIndex(asked.partitionIndex())
                        .setErrorCode(outcome.error().code())
                        .setLowWatermark(outcome.lowWatermark()));
    }

    private CompletionStage<DeleteRecordsOutcome> delete(Partition partition, long offset) {
        String topic = partition.name().topic();
        if (InternalTopics.isInternal(topic)) {
            return failed(ErrorCode.INVALID_TOPIC_EXCEPTION);
        }
        return TopicSettings.of(images.current(), topic, settings).isDeleted()
                ? partition.deleteRecords(offset)
                : failed(ErrorCode.POLICY_VIOLATION);
    }

    private static CompletionStage<DeleteRecordsOutcome> failed(ErrorCode error) {
        return CompletableFuture.completedStage(new DeleteRecordsOutcome(error, NO_OFFSET));
    }
}
