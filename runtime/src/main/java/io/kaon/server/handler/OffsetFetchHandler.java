// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.group.GroupCoordinator;
import io.kaon.metadata.MetadataImages;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.ErrorResponses;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.wire.message.OffsetFetchRequest;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.kaon.wire.message.OffsetFetchResponse;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponsePartition;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponseTopic;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;

/** Fetches committed offsets: of one group up to version 7, of several from version 8. */
public final class OffsetFetchHandler implements ApiHandler<OffsetFetchRequest> {
    private static final int FIRST_VERSION_WITH_BATCHES = 8;
    private static final long NO_OFFSET = -1;

    private final GroupCoordinator groups;
    private final MetadataImages images;
    private final Authoriser authoriser;

    public OffsetFetchHandler(GroupCoordinator groups, MetadataImages images, Authoriser authoriser) {
        this.groups = groups;
        this.images = images;
        this.authoriser = authoriser;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, OffsetFetchRequest request) {
        OffsetFetchTopics topics = new OffsetFetchTopics(context, images.current(), authoriser);
        return context.version() >= FIRST_VERSION_WITH_BATCHES
                ? several(context, request, topics)
                : one(context, request, topics);
    }

    private boolean mayDescribe(RequestContext context, String groupId) {
        return authoriser.authorise(context.principal(), Operation.DESCRIBE, Resource.group(groupId));
    }

    private CompletionStage<Reply> one(RequestContext context, OffsetFetchRequest request, OffsetFetchTopics topics) {
        if (!mayDescribe(context, request.groupId())) {
            return Reply.now(ErrorResponses.of(request, context.version(), ErrorCode.GROUP_AUTHORIZATION_FAILED));
        }
        List<OffsetFetchResponseTopic> refused = new ArrayList<>(0);
        OffsetFetchRequest question = new OffsetFetchRequest()
                .setGroupId(request.groupId())
                .setTopics(null)
                .setRequireStable(request.requireStable());
        if (request.topics() != null) {
            List<OffsetFetchRequestTopic> allowed = new ArrayList<>();
            for (OffsetFetchRequestTopic topic : request.topics()) {
                if (topics.mayDescribe(topic.name())) {
                    allowed.add(topic);
                } else {
                    refused.add(failed(topic));
                }
            }
            question.setTopics(allowed);
        }
        return Reply.later(
                groups.fetchOffsets(GroupCalls.from(context), question).thenApply(response -> {
                    List<OffsetFetchResponseTopic> visible = new ArrayList<>(response.topics());
                    visible.removeIf(topic -> !topics.mayDescribe(topic.name()));
                    if (response.errorCode() == ErrorCode.NONE.code()) {
                        visible.addAll(refused);
                    }
                    return response.setTopics(visible);
                }));
    }

    private static OffsetFetchResponseTopic failed(OffsetFetchRequestTopic topic) {
        List<OffsetFetchResponsePartition> partitions = new ArrayList<>();
        for (int index : topic.partitionIndexes()) {
            partitions.add(new OffsetFetchResponsePartition()
                    .setPartitionIndex(index)
                    .setCommittedOffset(NO_OFFSET)
                    .setMetadata("")
                    .setErrorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code()));
        }
        return new OffsetFetchResponseTopic().setName(topic.name()).setPartitions(partitions);
    }

    /**
     * A group of the request on its way.
     *
     * @param wantsAll whether it names no topics, which means all
     */
    private record Asked(
            OffsetFetchRequestGroup group, boolean isAllowed, boolean wantsAll, OffsetFetchTopics.Split topics) {}

    private CompletionStage<Reply> several(
            RequestContext context, OffsetFetchRequest request, OffsetFetchTopics topics) {
        List<Asked> asked = new ArrayList<>();
        List<OffsetFetchRequestGroup> allowed = new ArrayList<>();
        for (OffsetFetchRequestGroup group : request.groups()) {
            boolean wantsAll = group.topics() == null;
            OffsetFetchTopics.Split split = topics.split(wantsAll ? List.of() : group.topics());
            boolean isAllowed = mayDescribe(context, group.groupId());
            asked.add(new Asked(group, isAllowed, wantsAll, split));
            if (isAllowed) {
                allowed.add(new OffsetFetchRequestGroup()
                        .setGroupId(group.groupId())
                        .setMemberId(group.memberId())
                        .setMemberEpoch(group.memberEpoch())
                        .setTopics(wantsAll ? null : split.allowed()));
            }
        }
        OffsetFetchRequest question =
                new OffsetFetchRequest().setGroups(allowed).setRequireStable(request.requireStable());
        return Reply.later(groups.fetchOffsets(GroupCalls.from(context), question)
                .thenApply(response -> merged(asked, new ArrayDeque<>(response.groups()), topics)));
    }

    /**
     * One answer for each group, in the order of the request; the coordinator's come in the order of the allowed ones.
     */
    private static OffsetFetchResponse merged(
            List<Asked> asked, Queue<OffsetFetchResponseGroup> answered, OffsetFetchTopics topics) {
        List<OffsetFetchResponseGroup> groups = new ArrayList<>(asked.size());
        for (Asked one : asked) {
            if (!one.isAllowed) {
                groups.add(new OffsetFetchResponseGroup()
                        .setGroupId(one.group.groupId())
                        .setErrorCode(ErrorCode.GROUP_AUTHORIZATION_FAILED.code()));
                continue;
            }
            OffsetFetchResponseGroup answer = answered.remove();
            if (one.wantsAll) {
                answer.setTopics(topics.visible(answer.topics()));
            } else if (answer.errorCode() == ErrorCode.NONE.code()) {
                answer.topics().addAll(one.topics.refused());
            }
            groups.add(answer);
        }
        return new OffsetFetchResponse().setGroups(groups);
    }
}
