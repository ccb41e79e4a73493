// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.coordinator.transaction.TransactionCoordinator;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.wire.message.ListTransactionsRequest;
import io.kaon.wire.message.ListTransactionsResponse;
import java.util.concurrent.CompletionStage;

/** Lists the transactional ids that this broker coordinates, as far as the client may describe them (KIP-664). */
public final class ListTransactionsHandler implements ApiHandler<ListTransactionsRequest> {
    private final TransactionCoordinator coordinator;
    private final Authoriser authoriser;

    public ListTransactionsHandler(TransactionCoordinator coordinator, Authoriser authoriser) {
        this.coordinator = coordinator;
        this.authoriser = authoriser;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, ListTransactionsRequest request) {
        return Reply.later(coordinator.listTransactions(request).thenApply(response -> visible(context, response)));
    }

    private ListTransactionsResponse visible(RequestContext context, ListTransactionsResponse response) {
        return response.setTransactionStates(response.transactionStates().stream()
                .filter(state -> authoriser.authorise(
                        context.principal(), Operation.DESCRIBE, Resource.transactionalId(state.transactionalId())))
                .toList());
    }
}
