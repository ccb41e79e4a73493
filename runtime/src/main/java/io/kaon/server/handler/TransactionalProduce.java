// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.storage.producer.ProducerBatch;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.ProduceRequest.PartitionProduceData;
import io.kaon.wire.message.ProduceRequest.TopicProduceData;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The rules of a Produce that names a transactional id: the client may write under it, and all batches of transactions
 * are of one producer. A request that names none costs nothing here.
 */
final class TransactionalProduce {
    private static final Outcome NO_TRANSACTION = new Outcome(ErrorCode.NONE, Optional.empty());

    private final Authoriser authoriser;
    private final PartitionVerifier verifier;

    TransactionalProduce(Authoriser authoriser, PartitionVerifier verifier) {
        this.authoriser = authoriser;
        this.verifier = verifier;
    }

    /**
     * What to do with a request.
     *
     * @param refusal the error of all its partitions, or NONE
     * @param transaction empty when its batches may be appended without asking a coordinator
     */
    record Outcome(ErrorCode refusal, Optional<ProducedTransaction> transaction) {}

    Outcome begin(RequestContext context, ProduceRequest request) {
        String transactionalId = request.transactionalId();
        return transactionalId == null ? NO_TRANSACTION : begin(context, request, transactionalId);
    }

    private Outcome begin(RequestContext context, ProduceRequest request, String transactionalId) {
        ProducerIdAndEpoch only = null;
        boolean isMixed = false;
        for (TopicProduceData topic : request.topicData()) {
            for (PartitionProduceData data : topic.partitionData()) {
                Optional<ProducerIdAndEpoch> producer = producerOf(data);
                isMixed |=
                        only != null && producer.isPresent() && !producer.get().equals(only);
                only = producer.isPresent() ? producer.get() : only;
            }
        }
        if (only == null) {
            return NO_TRANSACTION;
        }
        if (!authoriser.authorise(context.principal(), Operation.WRITE, Resource.transactionalId(transactionalId))) {
            return refused(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        }
        if (isMixed) {
            return refused(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        }
        VerificationMode mode = VerificationMode.ofProduce(context.version());
        return verifier.asks(mode)
                ? new Outcome(
                        ErrorCode.NONE, Optional.of(new ProducedTransaction(verifier, transactionalId, only, mode)))
                : NO_TRANSACTION;
    }

    private static Optional<ProducerIdAndEpoch> producerOf(PartitionProduceData data) {
        if (data.records() == null) {
            return Optional.empty();
        }
        ByteBuffer records = data.records().toBuffer();
        if (!ProducedBatch.isTransactional(records)) {
            return Optional.empty();
        }
        ProducerBatch batch = ProducedBatch.transactional(records);
        return Optional.of(new ProducerIdAndEpoch(batch.producerId(), batch.epoch()));
    }

    private static Outcome refused(ErrorCode error) {
        return new Outcome(error, Optional.empty());
    }
}
