// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.group.GroupRequest;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.ErrorResponses;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.wire.ApiMessage;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Takes what a member of one group asks to the coordinator: JoinGroup, SyncGroup, Heartbeat and LeaveGroup, all of
 * which need READ on the group and nothing else.
 */
public final class MembershipHandler<Q extends ApiMessage> implements ApiHandler<Q> {
    private final Authoriser authoriser;
    private final Function<Q, String> groupId;
    private final BiFunction<GroupRequest, Q, ? extends CompletionStage<? extends ApiMessage>> coordinator;

    /**
     * @param groupId which group a request is about
     * @param coordinator answers it
     */
    public MembershipHandler(
            Authoriser authoriser,
            Function<Q, String> groupId,
            BiFunction<GroupRequest, Q, ? extends CompletionStage<? extends ApiMessage>> coordinator) {
        this.authoriser = authoriser;
        this.groupId = groupId;
        this.coordinator = coordinator;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, Q request) {
        Resource group = Resource.group(groupId.apply(request));
        if (!authoriser.authorise(context.principal(), Operation.READ, group)) {
            return Reply.now(ErrorResponses.of(request, context.version(), ErrorCode.GROUP_AUTHORIZATION_FAILED));
        }
        return Reply.later(coordinator.apply(GroupCalls.from(context), request));
    }
}
