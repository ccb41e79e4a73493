// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.controller.Controller;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.wire.message.CreateTopicsRequest;
import io.kaon.wire.message.CreateTopicsRequest.CreatableTopic;
import io.kaon.wire.message.CreateTopicsResponse;
import io.kaon.wire.message.CreateTopicsResponse.CreatableTopicResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Creates topics, or only says whether they could be created (C7). From version 5 the answer describes what was made.
 */
public final class CreateTopicsHandler implements ApiHandler<CreateTopicsRequest> {
    private static final int UNKNOWN = -1;

    private final Controller controller;
    private final Authoriser authoriser;

    public CreateTopicsHandler(Controller controller, Authoriser authoriser) {
        this.controller = controller;
        this.authoriser = authoriser;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, CreateTopicsRequest request) {
        boolean mayCreateAll = authoriser.authorise(context.principal(), Operation.CREATE, Resource.CLUSTER);
        List<CreatableTopic> allowed = new ArrayList<>();
        List<CreatableTopicResult> refused = new ArrayList<>(0);
        for (CreatableTopic topic : request.topics()) {
            if (mayCreateAll
                    || authoriser.authorise(context.principal(), Operation.CREATE, Resource.topic(topic.name()))) {
                allowed.add(topic);
            } else {
                refused.add(new CreatableTopicResult()
                        .setName(topic.name())
                        .setErrorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code()));
            }
        }
        CreateTopicsRequest question = new CreateTopicsRequest()
                .setTopics(allowed)
                .setTimeoutMs(request.timeoutMs())
                .setValidateOnly(request.validateOnly());
        return Reply.later(
                controller.createTopics(question).thenApply(response -> complete(context, response, refused)));
    }

    private CreateTopicsResponse complete(
            RequestContext context, CreateTopicsResponse response, List<CreatableTopicResult> refused) {
        for (CreatableTopicResult result : response.topics()) {
            boolean isDone = result.errorCode() == ErrorCode.NONE.code();
            if (isDone
                    && !authoriser.authorise(
                            context.principal(), Operation.DESCRIBE_CONFIGS, Resource.topic(result.name()))) {
                result.setTopicConfigErrorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code())
                        .setNumPartitions(UNKNOWN)
                        .setReplicationFactor((short) UNKNOWN)
                        .setConfigs(null);
            }
        }
        List<CreatableTopicResult> all = new ArrayList<>(response.topics());
        all.addAll(refused);
        return response.setTopics(all);
    }
}
