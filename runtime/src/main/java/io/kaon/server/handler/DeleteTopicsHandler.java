// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.controller.Controller;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.MetadataImages;
import io.kaon.metadata.TopicImage;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.wire.message.DeleteTopicsRequest;
import io.kaon.wire.message.DeleteTopicsRequest.DeleteTopicState;
import io.kaon.wire.message.DeleteTopicsResponse.DeletableTopicResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Deletes topics: by name up to version 5, by name or id from version 6. */
public final class DeleteTopicsHandler implements ApiHandler<DeleteTopicsRequest> {
    private static final int FIRST_VERSION_WITH_IDS = 6;

    private final Controller controller;
    private final MetadataImages images;
    private final Authoriser authoriser;

    public DeleteTopicsHandler(Controller controller, MetadataImages images, Authoriser authoriser) {
        this.controller = controller;
        this.images = images;
        this.authoriser = authoriser;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, DeleteTopicsRequest request) {
        List<DeletableTopicResult> refused = new ArrayList<>(0);
        DeleteTopicsRequest question = new DeleteTopicsRequest().setTimeoutMs(request.timeoutMs());
        if (context.version() >= FIRST_VERSION_WITH_IDS) {
            question.setTopics(allowedStates(context, request.topics(), refused));
        } else {
            question.setTopicNames(allowedNames(context, request.topicNames(), refused));
        }
        return Reply.later(controller.deleteTopics(question, context.version()).thenApply(response -> {
            List<DeletableTopicResult> all = new ArrayList<>(response.responses());
            all.addAll(refused);
            return response.setResponses(all);
        }));
    }

    private List<String> allowedNames(RequestContext context, List<String> names, List<DeletableTopicResult> refused) {
        List<String> allowed = new ArrayList<>();
        for (String name : names) {
            ErrorCode refusal = refusal(context, name);
            if (refusal == ErrorCode.NONE) {
                allowed.add(name);
            } else {
                refused.add(new DeletableTopicResult().setName(name).setErrorCode(refusal.code()));
            }
        }
        return allowed;
    }

    private List<DeleteTopicState> allowedStates(
            RequestContext context, List<DeleteTopicState> states, List<DeletableTopicResult> refused) {
        ClusterImage image = images.current();
        List<DeleteTopicState> allowed = new ArrayList<>();
        for (DeleteTopicState state : states) {
            ErrorCode refusal = refusal(context, image, state);
            if (refusal == ErrorCode.NONE) {
                allowed.add(state);
            } else {
                refused.add(new DeletableTopicResult()
                        .setName(state.name())
                        .setTopicId(state.topicId())
                        .setErrorCode(refusal.code()));
            }
        }
        return allowed;
    }

    private ErrorCode refusal(RequestContext context, ClusterImage image, DeleteTopicState state) {
        Uuid id = state.topicId();
        if ((state.name() == null) == id.isZero()) {
            return ErrorCode.INVALID_REQUEST;
        }
        if (state.name() != null) {
            return refusal(context, state.name());
        }
        return image.topic(id)
                .map(TopicImage::name)
                .map(name -> refusal(context, name))
                .orElse(ErrorCode.UNKNOWN_TOPIC_ID);
    }

    private ErrorCode refusal(RequestContext context, String name) {
        return authoriser.authorise(context.principal(), Operation.DELETE, Resource.topic(name))
                ? ErrorCode.NONE
                : ErrorCode.TOPIC_AUTHORIZATION_FAILED;
    }
}
