// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
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
 * Gives idempotent producers their id: always a new one with epoch 0, also to a producer that says it had one (as Kafka
 * does without a transactional id). With a transactional id the answer is UNSUPPORTED_VERSION until transactions are
 * served: clients take it as final, where a retriable code would have them ask for a minute.
 */
public final class InitProducerIdHandler implements ApiHandler<InitProducerIdRequest> {
    private static final long NO_PRODUCER_ID = -1;
    private static final short NO_EPOCH = -1;

    private final ProducerIds producerIds;
    private final Authoriser authoriser;

    public InitProducerIdHandler(ProducerIds producerIds, Authoriser authoriser) {
        this.producerIds = producerIds;
        this.authoriser = authoriser;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, InitProducerIdRequest request) {
        ErrorCode refusal = refusal(context, request);
        if (refusal != ErrorCode.NONE) {
            return Reply.now(failed(refusal));
        }
        return Reply.later(producerIds
                .next()
                .thenApply(id -> new InitProducerIdResponse().setProducerId(id).setProducerEpoch((short) 0))
                .exceptionally(failure -> failed(ErrorCode.COORDINATOR_NOT_AVAILABLE)));
    }

    private ErrorCode refusal(RequestContext context, InitProducerIdRequest request) {
        String transactionalId = request.transactionalId();
        if (transactionalId != null) {
            if (!authoriser.authorise(
                    context.principal(), Operation.WRITE, Resource.transactionalId(transactionalId))) {
                return ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
            }
            return transactionalId.isEmpty() ? ErrorCode.INVALID_REQUEST : ErrorCode.UNSUPPORTED_VERSION;
        }
        if (!authoriser.authorise(context.principal(), Operation.IDEMPOTENT_WRITE, Resource.CLUSTER)) {
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
