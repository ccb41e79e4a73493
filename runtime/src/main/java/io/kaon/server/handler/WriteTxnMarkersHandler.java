// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.ErrorResponses;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.wire.message.WriteTxnMarkersRequest;
import java.util.concurrent.CompletionStage;

/**
 * Ends transactions in partitions: for other brokers, and for the tool that aborts a hanging transaction (KIP-664),
 * whose user may alter the cluster.
 */
public final class WriteTxnMarkersHandler implements ApiHandler<WriteTxnMarkersRequest> {
    private final TransactionMarkers markers;
    private final Authoriser authoriser;

    public WriteTxnMarkersHandler(TransactionMarkers markers, Authoriser authoriser) {
        this.markers = markers;
        this.authoriser = authoriser;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, WriteTxnMarkersRequest request) {
        boolean isAllowed = authoriser.authorise(context.principal(), Operation.ALTER, Resource.CLUSTER)
                || authoriser.authorise(context.principal(), Operation.CLUSTER_ACTION, Resource.CLUSTER);
        return isAllowed
                ? Reply.later(markers.write(request))
                : Reply.now(ErrorResponses.of(request, context.version(), ErrorCode.CLUSTER_AUTHORIZATION_FAILED));
    }
}
