// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;

/**
 * How a client's request takes part in KIP-890: what is asked of the transaction coordinator about a partition that has
 * no transaction of the producer yet, and which answers the client understands.
 *
 * <pre>
 *                 Produce   TxnOffsetCommit   asked            refused with
 *  VERIFY_OLD     to 10     to 3              is it in there?  INVALID_TXN_STATE
 *  VERIFY         11        4                 is it in there?  TRANSACTION_ABORTABLE
 *  ADD            from 12   from 5            take it in       what the coordinator says
 * </pre>
 */
enum VerificationMode {
    VERIFY_OLD,
    VERIFY,
    ADD;

    private static final int FIRST_PRODUCE_WITH_ABORTABLE = 11;
    private static final int FIRST_PRODUCE_WITH_ADD = 12;

    static VerificationMode ofProduce(short version) {
        if (version >= FIRST_PRODUCE_WITH_ADD) {
            return ADD;
        }
        return version >= FIRST_PRODUCE_WITH_ABORTABLE ? VERIFY : VERIFY_OLD;
    }

    /** Producers know a fenced epoch under its old name here; old ones know no abortable errors. */
    ErrorCode toClient(ErrorCode ofCoordinator) {
        return switch (ofCoordinator) {
            case PRODUCER_FENCED -> ErrorCode.INVALID_PRODUCER_EPOCH;
            case TRANSACTION_ABORTABLE -> this == VERIFY_OLD ? ErrorCode.INVALID_TXN_STATE : ofCoordinator;
            default -> ofCoordinator;
        };
    }

    /**
     * The same for Produce: its clients take errors of a coordinator for fatal. NOT_ENOUGH_REPLICAS has them send the
     * batch again, without asking for metadata before.
     */
    ErrorCode toProducer(ErrorCode ofCoordinator) {
        return switch (ofCoordinator) {
            case NETWORK_EXCEPTION, COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR ->
                ErrorCode.NOT_ENOUGH_REPLICAS;
            case CONCURRENT_TRANSACTIONS -> this == ADD ? ofCoordinator : ErrorCode.NOT_ENOUGH_REPLICAS;
            default -> toClient(ofCoordinator);
        };
    }
}
