// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.coordinator.group.GroupCoordinator;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.MetadataImages;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.ErrorResponses;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.wire.message.OffsetDeleteRequest;
import io.kaon.wire.message.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.kaon.wire.message.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.kaon.wire.message.OffsetDeleteResponse;
import io.kaon.wire.message.OffsetDeleteResponse.OffsetDeleteResponsePartition;
import io.kaon.wire.message.OffsetDeleteResponse.OffsetDeleteResponseTopic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Deletes committed offsets of topics that exist and that the client may read (KIP-496). */
public final class OffsetDeleteHandler implements ApiHandler<OffsetDeleteRequest> {
    private final GroupCoordinator groups;
    private final MetadataImages images;
    private final Authoriser authoriser;

    public OffsetDeleteHandler(GroupCoordinator groups, MetadataImages images, Authoriser authoriser) {
        this.groups = groups;
        this.images = images;
        this.authoriser = authoriser;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, OffsetDeleteRequest request) {
        if (!authoriser.authorise(context.principal(), Operation.DELETE, Resource.group(request.groupId()))) {
            return Reply.now(ErrorResponses.of(request, context.version(), ErrorCode.GROUP_AUTHORIZATION_FAILED));
        }
        List<OffsetDeleteRequestTopic> allowed = new ArrayList<>();
        List<OffsetDeleteResponseTopic> refused = new ArrayList<>(0);
        for (OffsetDeleteRequestTopic topic : request.topics()) {
            ErrorCode refusal = refusal(context, topic.name());
            if (refusal == ErrorCode.NONE) {
                split(topic, allowed, refused);
            } else {
                refused.add(failed(topic, refusal));
            }
        }
        OffsetDeleteRequest question =
                new OffsetDeleteRequest().setGroupId(request.groupId()).setTopics(allowed);
        return Reply.later(groups.deleteOffsets(GroupCalls.from(context), question)
                .thenApply(response -> merged(response, refused)));
    }

    /** Partitions that do not exist get their own error; the coordinator hears only of the others. */
    private void split(
            OffsetDeleteRequestTopic topic,
            List<OffsetDeleteRequestTopic> allowed,
            List<OffsetDeleteResponseTopic> refused) {
        ClusterImage image = images.current();
        Map<Boolean, List<OffsetDeleteRequestPartition>> byExistence = topic.partitions().stream()
                .collect(Collectors.partitioningBy(
                        it -> image.partition(new TopicPartition(topic.name(), it.partitionIndex()))
                                .isPresent()));
        if (byExistence.get(false).isEmpty()) {
            allowed.add(topic);
            return;
        }
        if (!byExistence.get(true).isEmpty()) {
            allowed.add(new OffsetDeleteRequestTopic().setName(topic.name()).setPartitions(byExistence.get(true)));
        }
        refused.add(failed(
                new OffsetDeleteRequestTopic().setName(topic.name()).setPartitions(byExistence.get(false)),
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
    }

    private ErrorCode refusal(RequestContext context, String topic) {
        if (!authoriser.authorise(context.principal(), Operation.READ, Resource.topic(topic))) {
            return ErrorCode.TOPIC_AUTHORIZATION_FAILED;
        }
        return images.current().topic(topic).isPresent() ? ErrorCode.NONE : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    }

    private static OffsetDeleteResponse merged(OffsetDeleteResponse response, List<OffsetDeleteResponseTopic> refused) {
        if (response.errorCode() != ErrorCode.NONE.code()) {
            return response;
        }
        Map<String, OffsetDeleteResponseTopic> byName = new LinkedHashMap<>();
        response.topics().forEach(topic -> byName.merge(topic.name(), topic, OffsetDeleteHandler::joined));
        refused.forEach(topic -> byName.merge(topic.name(), topic, OffsetDeleteHandler::joined));
        return response.setTopics(new ArrayList<>(byName.values()));
    }

    private static OffsetDeleteResponseTopic joined(OffsetDeleteResponseTopic one, OffsetDeleteResponseTopic other) {
        List<OffsetDeleteResponsePartition> partitions = new ArrayList<>(one.partitions());
        partitions.addAll(other.partitions());
        return one.setPartitions(partitions);
    }

    private static OffsetDeleteResponseTopic failed(OffsetDeleteRequestTopic topic, ErrorCode error) {
        List<OffsetDeleteResponsePartition> partitions = new ArrayList<>();
        topic.partitions()
                .forEach(partition -> partitions.add(new OffsetDeleteResponsePartition()
                        .setPartitionIndex(partition.partitionIndex())
                        .setErrorCode(error.code())));
        return new OffsetDeleteResponseTopic().setName(topic.name()).setPartitions(partitions);
    }
}
