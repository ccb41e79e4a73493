// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.controller.Controller;
import io.kaon.metadata.ConfigResource.Type;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.wire.message.IncrementalAlterConfigsRequest;
import io.kaon.wire.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.kaon.wire.message.IncrementalAlterConfigsResponse;
import io.kaon.wire.message.IncrementalAlterConfigsResponse.AlterConfigsResourceResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Changes single settings of resources: sets, deletes, appends to lists and takes out of them (C23). */
public final class IncrementalAlterConfigsHandler implements ApiHandler<IncrementalAlterConfigsRequest> {
    private final Controller controller;
    private final LogLevels logLevels;
    private final ConfigAccess access;

    IncrementalAlterConfigsHandler(Controller controller, LogLevels logLevels, Authoriser authoriser) {
        this.controller = controller;
        this.logLevels = logLevels;
        this.access = new ConfigAccess(authoriser, Operation.ALTER_CONFIGS);
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, IncrementalAlterConfigsRequest request) {
        List<AlterConfigsResource> allowed = new ArrayList<>();
        List<AlterConfigsResourceResponse> answered = new ArrayList<>(0);
        for (AlterConfigsResource resource : request.resources()) {
            ErrorCode refusal = access.refusal(context.principal(), resource.resourceType(), resource.resourceName());
            if (refusal == ErrorCode.NONE && resource.resourceType() == Type.BROKER_LOGGER.id()) {
                answered.add(logLevels.alter(resource, request.validateOnly()));
            } else if (refusal == ErrorCode.NONE) {
                allowed.add(resource);
            } else {
                answered.add(new AlterConfigsResourceResponse()
                        .setErrorCode(refusal.code())
                        .setErrorMessage(ConfigAccess.message(refusal, resource.resourceType()))
                        .setResourceType(resource.resourceType())
                        .setResourceName(resource.resourceName()));
            }
        }
        if (allowed.isEmpty()) {
            return Reply.now(new IncrementalAlterConfigsResponse().setResponses(answered));
        }
        IncrementalAlterConfigsRequest question =
                new IncrementalAlterConfigsRequest().setResources(allowed).setValidateOnly(request.validateOnly());
        return Reply.later(controller.incrementalAlterConfigs(question).thenApply(response -> {
            List<AlterConfigsResourceResponse> all = new ArrayList<>(response.responses());
            all.addAll(answered);
            return response.setResponses(all);
        }));
    }
}
