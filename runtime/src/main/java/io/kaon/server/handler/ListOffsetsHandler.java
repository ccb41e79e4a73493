// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.common.Gather;
import io.kaon.common.TopicPartition;
import io.kaon.exec.DiskThreads;
import io.kaon.replication.Partition;
import io.kaon.replication.PartitionLookup;
import io.kaon.replication.PartitionRegistry;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.ErrorMapping;
import io.kaon.server.ErrorResponses;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.storage.LogView;
import io.kaon.storage.TimestampOffset;
import io.kaon.wire.message.ListOffsetsRequest;
import io.kaon.wire.message.ListOffsetsRequest.ListOffsetsPartition;
import io.kaon.wire.message.ListOffsetsRequest.ListOffsetsTopic;
import io.kaon.wire.message.ListOffsetsResponse;
import io.kaon.wire.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import io.kaon.wire.message.ListOffsetsResponse.ListOffsetsTopicResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Finds offsets by time (C3). Searches run on disk threads, everything else on the log's view. */
public final class ListOffsetsHandler implements ApiHandler<ListOffsetsRequest> {
    private static final int FIRST_VERSION_WITH_ISOLATION = 2;
    private static final int FIRST_VERSION_WITH_EPOCH = 4;
    private static final byte READ_COMMITTED = 1;

    private final PartitionAccess access;
    private final DiskThreads disk;

    public ListOffsetsHandler(PartitionRegistry partitions, DiskThreads disk, Authoriser authoriser) {
        this.access = new PartitionAccess(partitions, authoriser);
        this.disk = disk;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, ListOffsetsRequest request) {
        if (request.isolationLevel() < 0 || request.isolationLevel() > READ_COMMITTED) {
            return Reply.now(ErrorResponses.of(request, context.version(), ErrorCode.INVALID_REQUEST));
        }
        Set<TopicPartition> doubled = doubled(request);
        List<CompletionStage<ListOffsetsTopicResponse>> topics = new ArrayList<>();
        for (ListOffsetsTopic topic : request.topics()) {
            List<CompletionStage<ListOffsetsPartitionResponse>> partitions = new ArrayList<>();
            for (ListOffsetsPartition partition : topic.partitions()) {
                partitions.add(
                        isDoubled(doubled, topic, partition)
                                ? failed(partition, ErrorCode.INVALID_REQUEST)
                                : find(context, request, topic.name(), partition));
            }
            topics.add(Gather.all(partitions)
                    .thenApply(found ->
                            new ListOffsetsTopicResponse().setName(topic.name()).setPartitions(found)));
        }
        return Reply.later(Gather.all(topics).thenApply(found -> new ListOffsetsResponse().setTopics(found)));
    }

    private static Set<TopicPartition> doubled(ListOffsetsRequest request) {
        Set<TopicPartition> seen = new HashSet<>();
        return request.topics().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .filter(partition -> partition.partitionIndex() >= 0)
                        .map(partition -> new TopicPartition(topic.name(), partition.partitionIndex())))
                .filter(partition -> !seen.add(partition))
                .collect(Collectors.toSet());
    }

    private static boolean isDoubled(
            Set<TopicPartition> doubled, ListOffsetsTopic topic, ListOffsetsPartition partition) {
        return !doubled.isEmpty()
                && partition.partitionIndex() >= 0
                && doubled.contains(new TopicPartition(topic.name(), partition.partitionIndex()));
    }

    private CompletionStage<ListOffsetsPartitionResponse> find(
            RequestContext context, ListOffsetsRequest request, String topic, ListOffsetsPartition partition) {
        boolean readCommitted =
                context.version() >= FIRST_VERSION_WITH_ISOLATION && request.isolationLevel() == READ_COMMITTED;
        OffsetQuestion question = new OffsetQuestion(partition.timestamp(), readCommitted);
        ErrorCode problem = question.problem(context.version());
        if (problem != ErrorCode.NONE) {
            return failed(partition, problem);
        }
        return access.open(
                        context,
                        new PartitionAccess.Question(
                                Operation.DESCRIBE, topic, partition.partitionIndex(), partition.currentLeaderEpoch()))
                .thenCompose(lookup -> lookup instanceof PartitionLookup.Found found
                        ? answer(context, partition, question, found.partition())
                        : failed(partition, ((PartitionLookup.Missing) lookup).error()))
                .exceptionally(failure -> response(partition)
                        .setErrorCode(ErrorMapping.codeOf(failure).code()));
    }

    private CompletionStage<ListOffsetsPartitionResponse> answer(
            RequestContext context, ListOffsetsPartition asked, OffsetQuestion question, Partition partition) {
        LogView view = partition.view();
        if (context.version() == 0) {
            return disk.submit(() -> response(asked)
                    .setOldStyleOffsets(OldStyleOffsets.of(asked.timestamp(), asked.maxNumOffsets(), view)));
        }
        if (question.isSearch()) {
            return disk.submit(() -> answer(context, asked, question.answer(partition, view)));
        }
        return CompletableFuture.completedStage(answer(context, asked, question.answer(partition, view)));
    }

    private static ListOffsetsPartitionResponse answer(
            RequestContext context, ListOffsetsPartition asked, TimestampOffset found) {
        ListOffsetsPartitionResponse response =
                response(asked).setTimestamp(found.timestamp()).setOffset(found.offset());
        return context.version() < FIRST_VERSION_WITH_EPOCH ? response : response.setLeaderEpoch(found.leaderEpoch());
    }

    private static CompletionStage<ListOffsetsPartitionResponse> failed(
            ListOffsetsPartition partition, ErrorCode error) {
        return CompletableFuture.completedStage(response(partition).setErrorCode(error.code()));
    }

    private static ListOffsetsPartitionResponse response(ListOffsetsPartition partition) {
        return new ListOffsetsPartitionResponse().setPartitionIndex(partition.partitionIndex());
    }
}
