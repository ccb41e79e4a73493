// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.controller.Controller;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.wire.message.AlterConfigsRequest;
import io.kaon.wire.message.AlterConfigsRequest.AlterConfigsResource;
import io.kaon.wire.message.AlterConfigsResponse;
import io.kaon.wire.message.AlterConfigsResponse.AlterConfigsResourceResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Replaces all dynamic settings of resources. */
public final class AlterConfigsHandler implements ApiHandler<AlterConfigsRequest> {
    private final Controller controller;
    private final ConfigAccess access;

    public AlterConfigsHandler(Controller controller, Authoriser authoriser) {
        this.controller = controller;
        this.access = new ConfigAccess(authoriser, Operation.ALTER_CONFIGS);
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, AlterConfigsRequest request) {
        List<AlterConfigsResource> allowed = new ArrayList<>();
        List<AlterConfigsResourceResponse> refused = new ArrayList<>(0);
        for (AlterConfigsResource resource : request.resources()) {
            ErrorCode refusal = access.refusal(context.principal(), resource.resourceType(), resource.resourceName());
            if (refusal == ErrorCode.NONE) {
                allowed.add(resource);
            } else {
                refused.add(new AlterConfigsResourceResponse()
                        .setErrorCode(refusal.code())
                        .setErrorMessage(ConfigAccess.message(refusal, resource.resourceType()))
                        .setResourceType(resource.resourceType())
                        .setResourceName(resource.resourceName()));
            }
        }
        if (allowed.isEmpty()) {
            return Reply.now(new AlterConfigsResponse().setResponses(refused));
        }
        AlterConfigsRequest question =
                new AlterConfigsRequest().setResources(allowed).setValidateOnly(request.validateOnly());
        return Reply.later(controller.alterConfigs(question).thenApply(response -> {
            List<AlterConfigsResourceResponse> all = new ArrayList<>(response.responses());
            all.addAll(refused);
            return response.setResponses(all);
        }));
    }
}
