// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.producer;

import io.kaon.common.ErrorCode;

/** Whether a producer's batch may be appended now. */
public sealed interface ProducerVerdict {
    /** It is the producer's next one. */
    record Next() implements ProducerVerdict {}

    /** {@link Next}, which says nothing more. */
    ProducerVerdict NEXT = new Next();

    /**
     * It is in the log already.
     *
     * @param baseOffset of its first record
     * @param lastOffset of its last record
     * @param timestamp the largest of its records, in ms
     */
    record Duplicate(long baseOffset, long lastOffset, long timestamp) implements ProducerVerdict {}

    /**
     * It must not be appended.
     *
     * @param code INVALID_PRODUCER_EPOCH, OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_TXN_STATE, or of a marker
     *     TRANSACTION_COORDINATOR_FENCED
     * @param message why, for the client's log
     */
    record Refused(ErrorCode code, String message) implements ProducerVerdict {}
}
