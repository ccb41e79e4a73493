// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.coordinator.group.GroupCoordinator;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.MetadataImages;
import io.kaon.metadata.TopicImage;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.ErrorResponses;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.wire.message.OffsetCommitRequest;
import io.kaon.wire.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.kaon.wire.message.OffsetCommitResponse;
import io.kaon.wire.message.OffsetCommitResponse.OffsetCommitResponsePartition;
import io.kaon.wire.message.OffsetCommitResponse.OffsetCommitResponseTopic;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;

/**
 * Commits offsets of topics that exist and that the client may read; the others get their own error. From version 10
 * topics are named by id (C14).
 */
public final class OffsetCommitHandler implements ApiHandler<OffsetCommitRequest> {
    private static final int FIRST_VERSION_WITH_IDS = 10;

    private final GroupCoordinator groups;
    private final MetadataImages images;
    private final Authoriser authoriser;

    public OffsetCommitHandler(GroupCoordinator groups, MetadataImages images, Authoriser authoriser) {
        this.groups = groups;
        this.images = images;
        this.authoriser = authoriser;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, OffsetCommitRequest request) {
        if (!authoriser.authorise(context.principal(), Operation.READ, Resource.group(request.groupId()))) {
            return Reply.now(ErrorResponses.of(request, context.version(), ErrorCode.GROUP_AUTHORIZATION_FAILED));
        }
        List<OffsetCommitRequestTopic> asked = request.topics();
        List<ErrorCode> refusals = new ArrayList<>(asked.size());
        List<OffsetCommitRequestTopic> allowed = new ArrayList<>(asked.size());
        ClusterImage image = images.current();
        for (OffsetCommitRequestTopic topic : asked) {
            ErrorCode refusal = resolve(context, image, topic);
            refusals.add(refusal);
            if (refusal == ErrorCode.NONE) {
                allowed.add(withKnownPartitions(image, topic));
            }
        }
        if (allowed.isEmpty() && !asked.isEmpty()) {
            return Reply.now(merged(image, asked, refusals, new ArrayDeque<>()));
        }
        return Reply.later(groups.commitOffsets(GroupCalls.from(context), with(request, allowed))
                .thenApply(response -> merged(image, asked, refusals, new ArrayDeque<>(response.topics()))));
    }

    /** The request belongs to the caller, who may send it again: it is not changed. */
    private static OffsetCommitRequest with(OffsetCommitRequest request, List<OffsetCommitRequestTopic> topics) {
        return new OffsetCommitRequest()
                .setGroupId(request.groupId())
                .setGenerationIdOrMemberEpoch(request.generationIdOrMemberEpoch())
                .setMemberId(request.memberId())
                .setGroupInstanceId(request.groupInstanceId())
                .setRetentionTimeMs(request.retentionTimeMs())
                .setTopics(topics);
    }

    /** Gives a topic that comes by its id its name. NONE when its offsets may be committed. */
    private ErrorCode resolve(RequestContext context, ClusterImage image, OffsetCommitRequestTopic topic) {
        if (context.version() >= FIRST_VERSION_WITH_IDS) {
            String name = image.topic(topic.topicId()).map(TopicImage::name).orElse("");
            if (name.isEmpty()) {
                return ErrorCode.UNKNOWN_TOPIC_ID;
            }
            topic.setName(name);
        }
        if (!authoriser.authorise(context.principal(), Operation.READ, Resource.topic(topic.name()))) {
            return ErrorCode.TOPIC_AUTHORIZATION_FAILED;
        }
        return image.topic(topic.name()).isPresent() ? ErrorCode.NONE : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    }

    /**
     * The coordinator stores what it is given: a partition that does not exist must not reach it, and the topic's id is
     * kept with the offset, whichever way the client names it.
     */
    private static OffsetCommitRequestTopic withKnownPartitions(ClusterImage image, OffsetCommitRequestTopic topic) {
        return new OffsetCommitRequestTopic()
                .setName(topic.name())
                .setTopicId(image.topic(topic.name()).map(TopicImage::id).orElse(topic.topicId()))
                .setPartitions(new ArrayList<>(topic.partitions().stream()
                        .filter(partition -> exists(image, topic.name(), partition.partitionIndex()))
                        .toList()));
    }

    private static boolean exists(ClusterImage image, String topic, int partition) {
        return image.partition(new TopicPartition(topic, partition)).isPresent();
    }

    /**
     * One answer for each topic, in the order of the request; the coordinator's come in the order of the allowed ones.
     */
    private static OffsetCommitResponse merged(
            ClusterImage image,
            List<OffsetCommitRequestTopic> asked,
            List<ErrorCode> refusals,
            Queue<OffsetCommitResponseTopic> answered) {
        List<OffsetCommitResponseTopic> topics = new ArrayList<>(asked.size());
        for (int index = 0; index < asked.size(); index++) {
            ErrorCode refusal = refusals.get(index);
            OffsetCommitRequestTopic topic = asked.get(index);
            topics.add(
                    refusal == ErrorCode.NONE
                            ? withUnknownPartitions(image, topic, answered.remove())
                            : failed(topic, refusal));
        }
        return new OffsetCommitResponse().setTopics(topics);
    }

    private static OffsetCommitResponseTopic withUnknownPartitions(
            ClusterImage image, OffsetCommitRequestTopic asked, OffsetCommitResponseTopic answer) {
        List<OffsetCommitResponsePartition> partitions = new ArrayList<>(answer.partitions());
        asked.partitions().stream()
                .filter(partition -> !exists(image, asked.name(), partition.partitionIndex()))
                .forEach(partition ->
                        partitions.add(failed(partition.partitionIndex(), ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)));
        return answer.setPartitions(partitions);
    }

    private static OffsetCommitResponsePartition failed(int partition, ErrorCode error) {
        return new OffsetCommitResponsePartition().setPartitionIndex(partition).setErrorCode(error.code());
    }

    private static OffsetCommitResponseTopic failed(OffsetCommitRequestTopic topic, ErrorCode error) {
        List<OffsetCommitResponsePartition> partitions =
                new ArrayList<>(topic.partitions().size());
        topic.partitions().forEach(partition -> partitions.add(failed(partition.partitionIndex(), error)));
        return new OffsetCommitResponseTopic()
                .setName(topic.name())
                .setTopicId(topic.topicId())
                .setPartitions(partitions);
    }
}
