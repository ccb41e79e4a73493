// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import java.util.EnumSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;

/** What an error of the broker means for a transactional producer, as in Kafka's own. */
enum TransactionFailure {
    /** It passes: the same again, a little later. */
    RETRIABLE,
    /** The transaction is lost, the producer is not. */
    ABORTABLE,
    /** The producer is of no use any more. */
    FATAL;

    private static final Set<Errors> FATAL_EVERYWHERE = EnumSet.of(
            Errors.PRODUCER_FENCED,
            Errors.INVALID_PRODUCER_ID_MAPPING,
            Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
            Errors.CLUSTER_AUTHORIZATION_FAILED,
            Errors.UNSUPPORTED_VERSION,
            Errors.UNSUPPORTED_FOR_MESSAGE_FORMAT);

    /** Of records. An old epoch there may mean that the coordinator aborted the transaction: its end will tell. */
    static TransactionFailure ofProduce(Errors error) {
        if (FATAL_EVERYWHERE.contains(error)) {
            return FATAL;
        }
        return error.exception() instanceof RetriableException ? RETRIABLE : ABORTABLE;
    }

    /** Of offsets. */
    static TransactionFailure ofOffsets(Errors error) {
        return error == Errors.INVALID_PRODUCER_EPOCH ? FATAL : ofProduce(error);
    }

    /** Of the beginning and the end of transactions: nothing but TRANSACTION_ABORTABLE leaves the producer of use. */
    static TransactionFailure ofCoordination(Errors error) {
        if (error.exception() instanceof RetriableException) {
            return RETRIABLE;
        }
        return error == Errors.TRANSACTION_ABORTABLE ? ABORTABLE : FATAL;
    }

    /** The exception that Kafka's producer throws for it. */
    static RuntimeException exceptionOf(Errors error) {
        return switch (error) {
            case INVALID_PRODUCER_EPOCH -> Errors.PRODUCER_FENCED.exception();
            case UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION, STALE_MEMBER_EPOCH ->
                new CommitFailedException(
                        "The offsets were not added to the transaction: the group has gone on without this member: "
                                + error.message());
            default -> error.exception();
        };
    }
}
