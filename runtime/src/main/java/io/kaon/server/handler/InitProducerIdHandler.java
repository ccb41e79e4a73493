// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.transaction.TransactionCoordinator;
import io.kaon.coordinator.transaction.TransactionRequest;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.wire.message.InitProducerIdRequest;
import io.kaon.wire.message.InitProducerIdResponse;
import java.util.concurrent.CompletionStage;

/**
 * Gives producers their id. One without a transactional id gets a new one with epoch 0 each time, also when it says that
 * it had one (as Kafka does); one with a transactional id gets it from the coordinator of its transactions.
 */
public final class InitProducerIdHandler implements ApiHandler<InitProducerIdRequest> {
    private static final long NO_PRODUCER_ID = -1;
    private static final short NO_EPOCH = -1;

    private final ProducerIds producerIds;
    private final TransactionCoordinator coordinator;
    private final Authoriser authoriser;

    public InitProducerIdHandler(ProducerIds producerIds, TransactionCoordinator coordinator, Authoriser authoriser) {
        this.producerIds = producerIds;
        this.coordinator = coordinator;
        this.authoriser = authoriser;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, InitProducerIdRequest request) {
        ErrorCode refusal = refusal(context, request);
        if (refusal != ErrorCode.NONE) {
            return Reply.now(failed(refusal));
        }
        if (request.transactionalId() != null) {
            return Reply.later(coordinator.initProducerId(new TransactionRequest(context.version()), request));
        }
        return Reply.later(producerIds
                .next()
                .thenApply(id -> new InitProducerIdResponse().setProducerId(id).setProducerEpoch((short) 0))
                .exceptionally(failure -> failed(ErrorCode.COORDINATOR_NOT_AVAILABLE)));
    }

    private ErrorCode refusal(RequestContext context, InitProducerIdRequest request) {
        String transactionalId = request.transactionalId();
        if (transactionalId != null) {
            Resource id = Resource.transactionalId(transactionalId);
            if (!authoriser.authorise(context.principal(), Operation.WRITE, id)) {
                return ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
            }
        } else if (!authoriser.authorise(context.principal(), Operation.IDEMPOTENT_WRITE, Resource.CLUSTER)) {
            return ErrorCode.CLUSTER_AUTHORIZATION_FAILED;
        }
        boolean hasId = request.producerId() != NO_PRODUCER_ID;
        boolean hasEpoch = request.producerEpoch() != NO_EPOCH;
        return hasId == hasEpoch ? ErrorCode.NONE : ErrorCode.INVALID_REQUEST;
    }

    private static InitProducerIdResponse failed(ErrorCode error) {
        return new InitProducerIdResponse().setErrorCode(error.code()).setProducerEpoch(NO_EPOCH);
    }
}
