// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.common.Gather;
import io.kaon.common.TopicPartition;
import io.kaon.metadata.TopicNames;
import io.kaon.replication.PartitionLookup;
import io.kaon.replication.PartitionRegistry;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.ErrorMapping;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.storage.producer.ProducerEntry;
import io.kaon.wire.message.DescribeProducersRequest;
import io.kaon.wire.message.DescribeProducersRequest.TopicRequest;
import io.kaon.wire.message.DescribeProducersResponse;
import io.kaon.wire.message.DescribeProducersResponse.PartitionResponse;
import io.kaon.wire.message.DescribeProducersResponse.ProducerState;
import io.kaon.wire.message.DescribeProducersResponse.TopicResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Says which producers have written to partitions, and which of them have a transaction open there (KIP-664). */
public final class DescribeProducersHandler implements ApiHandler<DescribeProducersRequest> {
    private final PartitionRegistry partitions;
    private final Authoriser authoriser;

    public DescribeProducersHandler(PartitionRegistry partitions, Authoriser authoriser) {
        this.partitions = partitions;
        this.authoriser = authoriser;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, DescribeProducersRequest request) {
        List<CompletionStage<TopicResponse>> topics =
                new ArrayList<>(request.topics().size());
        for (TopicRequest topic : request.topics()) {
            topics.add(describe(context, topic));
        }
        return Reply.later(Gather.all(topics).thenApply(found -> new DescribeProducersResponse().setTopics(found)));
    }

    private CompletionStage<TopicResponse> describe(RequestContext context, TopicRequest topic) {
        ErrorCode refusal = refusal(context, topic.name());
        List<CompletionStage<PartitionResponse>> described =
                new ArrayList<>(topic.partitionIndexes().size());
        for (int index : topic.partitionIndexes()) {
            described.add(
                    refusal == ErrorCode.NONE
                            ? describe(topic.name(), index)
                            : CompletableFuture.completedStage(failed(index, refusal)));
        }
        return Gather.all(described)
                .thenApply(found -> new TopicResponse().setName(topic.name()).setPartitions(found));
    }

    private ErrorCode refusal(RequestContext context, String topic) {
        if (TopicNames.problem(topic).isPresent()) {
            return ErrorCode.INVALID_TOPIC_EXCEPTION;
        }
        return authoriser.authorise(context.principal(), Operation.READ, Resource.topic(topic))
                ? ErrorCode.NONE
                : ErrorCode.TOPIC_AUTHORIZATION_FAILED;
    }

    private CompletionStage<PartitionResponse> describe(String topic, int index) {
        if (index < 0) {
            return CompletableFuture.completedStage(failed(index, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        }
        PartitionLookup lookup = partitions.find(new TopicPartition(topic, index));
        if (lookup instanceof PartitionLookup.Missing missing) {
            return CompletableFuture.completedStage(failed(index, missing.error()));
        }
        return ((PartitionLookup.Found) lookup)
                .partition()
                .producers()
                .thenApply(producers -> described(index, producers))
                .exceptionally(failure -> failed(index, ErrorMapping.codeOf(failure)));
    }

    private static PartitionResponse described(int index, List<ProducerEntry> producers) {
        PartitionResponse response = new PartitionResponse().setPartitionIndex(index);
        for (ProducerEntry producer : producers) {
            response.activeProducers()
                    .add(new ProducerState()
                            .setProducerId(producer.producerId())
                            .setProducerEpoch(producer.epoch())
                            .setLastSequence(producer.lastSequence())
                            .setLastTimestamp(producer.timestamp())
                            .setCoordinatorEpoch(producer.coordinatorEpoch())
                            .setCurrentTxnStartOffset(producer.openTransactionFirstOffset()));
        }
        return response;
    }

    private static PartitionResponse failed(int index, ErrorCode error) {
        return new PartitionResponse().setPartitionIndex(index).setErrorCode(error.code());
    }
}
