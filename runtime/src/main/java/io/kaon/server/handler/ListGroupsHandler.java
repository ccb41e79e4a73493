// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.coordinator.group.GroupCoordinator;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.wire.message.ListGroupsRequest;
import io.kaon.wire.message.ListGroupsResponse;
import io.kaon.wire.message.ListGroupsResponse.ListedGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Lists the groups that this broker coordinates: all for who may describe the cluster, else those that one may
 * describe.
 */
public final class ListGroupsHandler implements ApiHandler<ListGroupsRequest> {
    private final GroupCoordinator groups;
    private final Authoriser authoriser;

    public ListGroupsHandler(GroupCoordinator groups, Authoriser authoriser) {
        this.groups = groups;
        this.authoriser = authoriser;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, ListGroupsRequest request) {
        return Reply.later(
                groups.listGroups(GroupCalls.from(context), request).thenApply(response -> visible(context, response)));
    }

    private ListGroupsResponse visible(RequestContext context, ListGroupsResponse response) {
        if (authoriser.authorise(context.principal(), Operation.DESCRIBE, Resource.CLUSTER)) {
            return response;
        }
        List<ListedGroup> visible = new ArrayList<>();
        for (ListedGroup group : response.groups()) {
            if (authoriser.authorise(context.principal(), Operation.DESCRIBE, Resource.group(group.groupId()))) {
                visible.add(group);
            }
        }
        return response.setGroups(visible);
    }
}
