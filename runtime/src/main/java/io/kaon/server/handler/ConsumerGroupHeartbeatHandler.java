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
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import java.util.concurrent.CompletionStage;

/**
 * Takes heartbeats of the consumer protocol (KIP-848) to the coordinator. They need READ on the group, and DESCRIBE on
 * the topics that they name; topics that a regular expression stands for are looked at where it is resolved.
 */
public final class ConsumerGroupHeartbeatHandler implements ApiHandler<ConsumerGroupHeartbeatRequest> {
    private final GroupCoordinator groups;
    private final ConsumerProtocol protocol;
    private final Authoriser authoriser;

    public ConsumerGroupHeartbeatHandler(GroupCoordinator groups, ConsumerProtocol protocol, Authoriser authoriser) {
        this.groups = groups;
        this.protocol = protocol;
        this.authoriser = authoriser;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, ConsumerGroupHeartbeatRequest request) {
        ErrorCode refusal = refusal(context, request);
        return refusal == ErrorCode.NONE
                ? Reply.later(groups.consumerGroupHeartbeat(GroupCalls.from(context, authoriser), request))
                : Reply.now(ErrorResponses.of(request, context.version(), refusal));
    }

    private ErrorCode refusal(RequestContext context, ConsumerGroupHeartbeatRequest request) {
        if (!protocol.isOn()) {
            return ErrorCode.UNSUPPORTED_VERSION;
        }
        if (!authoriser.authorise(context.principal(), Operation.READ, Resource.group(request.groupId()))) {
            return ErrorCode.GROUP_AUTHORIZATION_FAILED;
        }
        if (request.subscribedTopicNames() != null) {
            for (String topic : request.subscribedTopicNames()) {
                if (!authoriser.authorise(context.principal(), Operation.DESCRIBE, Resource.topic(topic))) {
                    return ErrorCode.TOPIC_AUTHORIZATION_FAILED;
                }
            }
        }
        return ErrorCode.NONE;
    }
}
