// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.group.GroupCoordinator;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.ErrorResponses;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.wire.message.ConsumerGroupDescribeRequest;
import io.kaon.wire.message.ConsumerGroupDescribeResponse;
import io.kaon.wire.message.ConsumerGroupDescribeResponse.Assignment;
import io.kaon.wire.message.ConsumerGroupDescribeResponse.DescribedGroup;
import io.kaon.wire.message.ConsumerGroupDescribeResponse.TopicPartitions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * Describes groups of the consumer protocol (KIP-848). That needs DESCRIBE on the group, and on every topic that its
 * members are or will be assigned: a group with a topic that the client may not know of is not shown at all.
 */
public final class ConsumerGroupDescribeHandler implements ApiHandler<ConsumerGroupDescribeRequest> {
    private final GroupCoordinator groups;
    private final ConsumerProtocol protocol;
    private final Authoriser authoriser;

    public ConsumerGroupDescribeHandler(GroupCoordinator groups, ConsumerProtocol protocol, Authoriser authoriser) {
        this.groups = groups;
        this.protocol = protocol;
        this.authoriser = authoriser;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, ConsumerGroupDescribeRequest request) {
        if (!protocol.isOn()) {
            return Reply.now(ErrorResponses.of(request, context.version(), ErrorCode.UNSUPPORTED_VERSION));
        }
        List<String> allowed = new ArrayList<>();
        List<DescribedGroup> refused = new ArrayList<>(0);
        for (String groupId : request.groupIds()) {
            if (authoriser.authorise(context.principal(), Operation.DESCRIBE, Resource.group(groupId))) {
                allowed.add(groupId);
            } else {
                refused.add(refused(groupId, ErrorCode.GROUP_AUTHORIZATION_FAILED));
            }
        }
        ConsumerGroupDescribeRequest question = new ConsumerGroupDescribeRequest().setGroupIds(allowed);
        return Reply.later(groups.describeConsumerGroups(GroupCalls.from(context), question)
                .thenApply(response -> complete(context, request, response, refused)));
    }

    private ConsumerGroupDescribeResponse complete(
            RequestContext context,
            ConsumerGroupDescribeRequest request,
            ConsumerGroupDescribeResponse response,
            List<DescribedGroup> refused) {
        List<DescribedGroup> described = new ArrayList<>(response.groups().size() + refused.size());
        for (DescribedGroup group : response.groups()) {
            boolean hidden = topics(group)
                    .anyMatch(topic ->
                            !authoriser.authorise(context.principal(), Operation.DESCRIBE, Resource.topic(topic)));
            if (hidden) {
                described.add(refused(group.groupId(), ErrorCode.TOPIC_AUTHORIZATION_FAILED)
                        .setErrorMessage("The group has topics that the client may not describe."));
                continue;
            }
            if (request.includeAuthorizedOperations() && group.errorCode() == ErrorCode.NONE.code()) {
                group.setAuthorizedOperations(
                        authoriser.authorisedOperations(context.principal(), Resource.group(group.groupId())));
            }
            described.add(group);
        }
        described.addAll(refused);
        return response.setGroups(described);
    }

    private static Stream<String> topics(DescribedGroup group) {
        return group.members().stream()
                .flatMap(member -> Stream.of(member.assignment(), member.targetAssignment()))
                .map(Assignment::topicPartitions)
                .flatMap(List::stream)
                .map(TopicPartitions::topicName)
                .distinct();
    }

    private static DescribedGroup refused(String groupId, ErrorCode error) {
        return new DescribedGroup().setGroupId(groupId).setErrorCode(error.code());
    }
}
