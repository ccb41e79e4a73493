// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.ErrorCode;

/** How errors reach producers. */
final class TransactionErrors {
    private TransactionErrors() {}

    /** What a producer understands of a write that failed (as Kafka, but that too large has a name). */
    static ErrorCode ofWrite(ErrorCode error) {
        return switch (error) {
            case NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, MESSAGE_TOO_LARGE -> error;
            case NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR, FENCED_LEADER_EPOCH -> ErrorCode.NOT_COORDINATOR;
            case RECORD_LIST_TOO_LARGE -> ErrorCode.MESSAGE_TOO_LARGE;
            default -> ErrorCode.COORDINATOR_NOT_AVAILABLE;
        };
    }

    /** PRODUCER_FENCED is newer than the first versions of each api (KIP-588). */
    static ErrorCode known(ErrorCode error, short version, int firstWithProducerFenced) {
        return error == ErrorCode.PRODUCER_FENCED && version < firstWithProducerFenced
                ? ErrorCode.INVALID_PRODUCER_EPOCH
                : error;
    }
}
