// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.group.GroupCoordinator;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.wire.message.DescribeGroupsRequest;
import io.kaon.wire.message.DescribeGroupsResponse;
import io.kaon.wire.message.DescribeGroupsResponse.DescribedGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Describes groups and their members; with what the client may do to them from version 3. */
public final class DescribeGroupsHandler implements ApiHandler<DescribeGroupsRequest> {
    private final GroupCoordinator groups;
    private final Authoriser authoriser;

    public DescribeGroupsHandler(GroupCoordinator groups, Authoriser authoriser) {
        this.groups = groups;
        this.authoriser = authoriser;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, DescribeGroupsRequest request) {
        List<String> allowed = new ArrayList<>();
        List<DescribedGroup> refused = new ArrayList<>(0);
        for (String groupId : request.groups()) {
            if (authoriser.authorise(context.principal(), Operation.DESCRIBE, Resource.group(groupId))) {
                allowed.add(groupId);
            } else {
                refused.add(new DescribedGroup()
                        .setGroupId(groupId)
                        .setErrorCode(ErrorCode.GROUP_AUTHORIZATION_FAILED.code()));
            }
        }
        DescribeGroupsRequest question = new DescribeGroupsRequest()
                .setGroups(allowed)
                .setIncludeAuthorizedOperations(request.includeAuthorizedOperations());
        return Reply.later(groups.describeGroups(GroupCalls.from(context), question)
                .thenApply(response -> complete(context, request, response, refused)));
    }

    private DescribeGroupsResponse complete(
            RequestContext context,
            DescribeGroupsRequest request,
            DescribeGroupsResponse response,
            List<DescribedGroup> refused) {
        if (request.includeAuthorizedOperations()) {
            for (DescribedGroup group : response.groups()) {
                if (group.errorCode() == ErrorCode.NONE.code()) {
                    group.setAuthorizedOperations(
                            authoriser.authorisedOperations(context.principal(), Resource.group(group.groupId())));
                }
            }
        }
        List<DescribedGroup> described = new ArrayList<>(response.groups());
        described.addAll(refused);
        return response.setGroups(described);
    }
}
