// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.transaction.TransactionRequest;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.ErrorResponses;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.wire.ApiMessage;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Takes what a producer asks about its own transaction to the coordinator: AddOffsetsToTxn and EndTxn, which need WRITE
 * on the transactional id, and READ on the group if there is one.
 */
public final class TransactionHandler<Q extends ApiMessage> implements ApiHandler<Q> {
    private final Authoriser authoriser;
    private final Function<Q, String> transactionalId;
    private final Function<Q, Optional<String>> groupId;
    private final BiFunction<TransactionRequest, Q, ? extends CompletionStage<? extends ApiMessage>> coordinator;

    /**
     * @param transactionalId which transactional id a request is about
     * @param groupId the group that it brings in
     * @param coordinator answers it
     */
    public TransactionHandler(
            Authoriser authoriser,
            Function<Q, String> transactionalId,
            Function<Q, Optional<String>> groupId,
            BiFunction<TransactionRequest, Q, ? extends CompletionStage<? extends ApiMessage>> coordinator) {
        this.authoriser = authoriser;
        this.transactionalId = transactionalId;
        this.groupId = groupId;
        this.coordinator = coordinator;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, Q request) {
        Resource id = Resource.transactionalId(transactionalId.apply(request));
        if (!authoriser.authorise(context.principal(), Operation.WRITE, id)) {
            return refused(context, request, ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        }
        Optional<Resource> group = groupId.apply(request).map(Resource::group);
        if (group.isPresent() && !authoriser.authorise(context.principal(), Operation.READ, group.get())) {
            return refused(context, request, ErrorCode.GROUP_AUTHORIZATION_FAILED);
        }
        return Reply.later(coordinator.apply(new TransactionRequest(context.version()), request));
    }

    private CompletionStage<Reply> refused(RequestContext context, Q request, ErrorCode error) {
        return Reply.now(ErrorResponses.of(request, context.version(), error));
    }
}
