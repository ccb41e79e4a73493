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
import io.kaon.wire.message.CreatePartitionsRequest;
import io.kaon.wire.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.kaon.wire.message.CreatePartitionsResponse.CreatePartitionsTopicResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Adds partitions to topics. */
public final class CreatePartitionsHandler implements ApiHandler<CreatePartitionsRequest> {
    private final Controller controller;
    private final Authoriser authoriser;

    public CreatePartitionsHandler(Controller controller, Authoriser authoriser) {
        this.controller = controller;
        this.authoriser = authoriser;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, CreatePartitionsRequest request) {
        List<CreatePartitionsTopic> allowed = new ArrayList<>();
        List<CreatePartitionsTopicResult> refused = new ArrayList<>(0);
        for (CreatePartitionsTopic topic : request.topics()) {
            if (authoriser.authorise(context.principal(), Operation.ALTER, Resource.topic(topic.name()))) {
                allowed.add(topic);
            } else {
                refused.add(new CreatePartitionsTopicResult()
                        .setName(topic.name())
                        .setErrorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code()));
            }
        }
        CreatePartitionsRequest question = new CreatePartitionsRequest()
                .setTopics(allowed)
                .setTimeoutMs(request.timeoutMs())
                .setValidateOnly(request.validateOnly());
        return Reply.later(controller.createPartitions(question).thenApply(response -> {
            List<CreatePartitionsTopicResult> all = new ArrayList<>(response.results());
            all.addAll(refused);
            return response.setResults(all);
        }));
    }
}
