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
import io.kaon.wire.message.UpdateFeaturesRequest;
import io.kaon.wire.message.UpdateFeaturesResponse;
import java.util.concurrent.CompletionStage;

/** Changes the levels of features (KIP-584, KIP-778). */
public final class UpdateFeaturesHandler implements ApiHandler<UpdateFeaturesRequest> {
    private final Controller controller;
    private final Authoriser authoriser;

    public UpdateFeaturesHandler(Controller controller, Authoriser authoriser) {
        this.controller = controller;
        this.authoriser = authoriser;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, UpdateFeaturesRequest request) {
        if (!authoriser.authorise(context.principal(), Operation.ALTER, Resource.CLUSTER)) {
            return Reply.now(new UpdateFeaturesResponse().setErrorCode(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code()));
        }
        return Reply.later(controller.updateFeatures(request, context.version()));
    }
}
