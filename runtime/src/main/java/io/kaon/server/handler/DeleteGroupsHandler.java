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
import io.kaon.wire.message.DeleteGroupsRequest;
import io.kaon.wire.message.DeleteGroupsResponse;
import io.kaon.wire.message.DeleteGroupsResponse.DeletableGroupResult;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Deletes groups without members, with their offsets. */
public final class DeleteGroupsHandler implements ApiHandler<DeleteGroupsRequest> {
    private final GroupCoordinator groups;
    private final Authoriser authoriser;

    public DeleteGroupsHandler(GroupCoordinator groups, Authoriser authoriser) {
        this.groups = groups;
        this.authoriser = authoriser;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, DeleteGroupsRequest request) {
        Set<String> allowed = new LinkedHashSet<>();
        List<DeletableGroupResult> refused = new ArrayList<>(0);
        for (String groupId : new LinkedHashSet<>(request.groupsNames())) {
            if (authoriser.authorise(context.principal(), Operation.DELETE, Resource.group(groupId))) {
                allowed.add(groupId);
            } else {
                refused.add(new DeletableGroupResult()
                        .setGroupId(groupId)
                        .setErrorCode(ErrorCode.GROUP_AUTHORIZATION_FAILED.code()));
            }
        }
        DeleteGroupsRequest question = new DeleteGroupsRequest().setGroupsNames(new ArrayList<>(allowed));
        return Reply.later(groups.deleteGroups(GroupCalls.from(context), question)
                .thenApply(response -> merged(response, refused)));
    }

    private static DeleteGroupsResponse merged(DeleteGroupsResponse response, List<DeletableGroupResult> refused) {
        List<DeletableGroupResult> results = new ArrayList<>(response.results());
        results.addAll(refused);
        return response.setResults(results);
    }
}
