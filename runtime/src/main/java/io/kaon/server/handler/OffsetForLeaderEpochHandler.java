// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.common.Gather;
import io.kaon.replication.PartitionLookup;
import io.kaon.replication.PartitionRegistry;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.ErrorMapping;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.storage.EpochEnd;
import io.kaon.wire.message.OffsetForLeaderEpochRequest;
import io.kaon.wire.message.OffsetForLeaderEpochRequest.OffsetForLeaderPartition;
import io.kaon.wire.message.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import io.kaon.wire.message.OffsetForLeaderEpochResponse;
import io.kaon.wire.message.OffsetForLeaderEpochResponse.EpochEndOffset;
import io.kaon.wire.message.OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Says where a leader epoch ended, so that a client notices a log that was truncated under it (KIP-320). */
public final class OffsetForLeaderEpochHandler implements ApiHandler<OffsetForLeaderEpochRequest> {
    private final PartitionAccess access;

    public OffsetForLeaderEpochHandler(PartitionRegistry partitions, Authoriser authoriser) {
        this.access = new PartitionAccess(partitions, authoriser);
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, OffsetForLeaderEpochRequest request) {
        List<CompletionStage<OffsetForLeaderTopicResult>> topics = new ArrayList<>();
        for (OffsetForLeaderTopic topic : request.topics()) {
            List<CompletionStage<EpochEndOffset>> partitions = new ArrayList<>();
            for (OffsetForLeaderPartition partition : topic.partitions()) {
                partitions.add(find(context, topic.topic(), partition));
            }
            topics.add(Gather.all(partitions).thenApply(found -> new OffsetForLeaderTopicResult()
                    .setTopic(topic.topic())
                    .setPartitions(found)));
        }
        return Reply.later(Gather.all(topics).thenApply(found -> new OffsetForLeaderEpochResponse().setTopics(found)));
    }

    private CompletionStage<EpochEndOffset> find(RequestContext context, String topic, OffsetForLeaderPartition asked) {
        EpochEndOffset place = new EpochEndOffset().setPartition(asked.partition());
        PartitionAccess.Question question =
                new PartitionAccess.Question(Operation.DESCRIBE, topic, asked.partition(), asked.currentLeaderEpoch());
        return access.open(context, question)
                .thenApply(lookup -> {
                    if (lookup instanceof PartitionLookup.Found found) {
                        EpochEnd end = found.partition().view().endOffsetFor(asked.leaderEpoch());
                        return place.setErrorCode(ErrorCode.NONE.code())
                                .setLeaderEpoch(end.epoch())
                                .setEndOffset(end.endOffset());
                    }
                    return place.setErrorCode(
                            ((PartitionLookup.Missing) lookup).error().code());
                })
                .exceptionally(failure ->
                        place.setErrorCode(ErrorMapping.codeOf(failure).code()));
    }
}
