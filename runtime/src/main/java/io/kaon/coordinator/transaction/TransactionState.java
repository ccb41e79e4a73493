// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import java.util.Optional;

/** Kafka's numbers and names for the states of a transactional id. */
enum TransactionState {
    EMPTY(0, "Empty"),
    ONGOING(1, "Ongoing"),
    PREPARE_COMMIT(2, "PrepareCommit"),
    PREPARE_ABORT(3, "PrepareAbort"),
    COMPLETE_COMMIT(4, "CompleteCommit"),
    COMPLETE_ABORT(5, "CompleteAbort"),
    /** Never entered here, but a name that a filter may ask for. */
    DEAD(6, "Dead"),
    /** Never entered here, but a name that a filter may ask for. */
    PREPARE_EPOCH_FENCE(7, "PrepareEpochFence");

    private final byte id;
    private final String kafkaName;

    TransactionState(int id, String kafkaName) {
        this.id = (byte) id;
        this.kafkaName = kafkaName;
    }

    /** As in {@code TransactionLogValue}. */
    byte id() {
        return id;
    }

    /** As in ListTransactions and DescribeTransactions. */
    String kafkaName() {
        return kafkaName;
    }

    static Optional<TransactionState> ofId(byte id) {
        return id >= 0 && id < values().length ? Optional.of(values()[id]) : Optional.empty();
    }

    static Optional<TransactionState> named(String name) {
        for (TransactionState state : values()) {
            if (state.kafkaName.equals(name)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }
}
