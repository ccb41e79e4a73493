// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.wire.message.DescribeAclsRequest;
import io.kaon.wire.message.DescribeAclsResponse;
import java.util.concurrent.CompletionStage;

/** Answers that there is no access control on this broker yet, in the way that Kafka's tools understand. */
public final class DescribeAclsHandler implements ApiHandler<DescribeAclsRequest> {
    private final Authoriser authoriser;

    public DescribeAclsHandler(Authoriser authoriser) {
        this.authoriser = authoriser;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, DescribeAclsRequest request) {
        if (!authoriser.authorise(context.principal(), Operation.DESCRIBE, Resource.CLUSTER)) {
            return Reply.now(new DescribeAclsResponse().setErrorCode(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code()));
        }
        return Reply.now(new DescribeAclsResponse()
                .setErrorCode(ErrorCode.SECURITY_DISABLED.code())
                .setErrorMessage("This broker has no access control lists."));
    }
}
