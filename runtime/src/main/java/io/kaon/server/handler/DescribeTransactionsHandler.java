// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.transaction.TransactionCoordinator;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.wire.message.DescribeTransactionsRequest;
import io.kaon.wire.message.DescribeTransactionsResponse;
import io.kaon.wire.message.DescribeTransactionsResponse.TransactionState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Describes transactions; of their topics only those that the client may describe too (KIP-664). */
public final class DescribeTransactionsHandler implements ApiHandler<DescribeTransactionsRequest> {
    private final TransactionCoordinator coordinator;
    private final Authoriser authoriser;

    public DescribeTransactionsHandler(TransactionCoordinator coordinator, Authoriser authoriser) {
        this.coordinator = coordinator;
        this.authoriser = authoriser;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, DescribeTransactionsRequest request) {
        List<String> allowed = new ArrayList<>(request.transactionalIds().size());
        List<TransactionState> refused = new ArrayList<>(0);
        for (String id : request.transactionalIds()) {
            if (authoriser.authorise(context.principal(), Operation.DESCRIBE, Resource.transactionalId(id))) {
                allowed.add(id);
            } else {
                refused.add(new TransactionState()
                        .setTransactionalId(id)
                        .setErrorCode(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.code()));
            }
        }
        return Reply.later(coordinator
                .describeTransactions(new DescribeTransactionsRequest().setTransactionalIds(allowed))
                .thenApply(response -> complete(context, response, refused)));
    }

    private DescribeTransactionsResponse complete(
            RequestContext context, DescribeTransactionsResponse response, List<TransactionState> refused) {
        List<TransactionState> all = new ArrayList<>(response.transactionStates());
        for (TransactionState state : all) {
            state.setTopics(new ArrayList<>(state.topics().stream()
                    .filter(topic -> authoriser.authorise(
                            context.principal(), Operation.DESCRIBE, Resource.topic(topic.topic())))
                    .toList()));
        }
        all.addAll(refused);
        return response.setTransactionStates(all);
    }
}
