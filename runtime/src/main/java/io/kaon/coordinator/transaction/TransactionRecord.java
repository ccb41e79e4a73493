// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

/** What {@code __transaction_state} holds. */
sealed interface TransactionRecord {
    /** UTF-8 takes three bytes for a char at most. */
    int MAX_BYTES_PER_CHAR = 3;

    String transactionalId();

    /** How much of a record the id takes at most. */
    static int maxBytesOfId(String transactionalId) {
        return transactionalId.length() * MAX_BYTES_PER_CHAR;
    }

    /** The transactional id stands like this from now on. */
    record Stored(String transactionalId, Transaction transaction) implements TransactionRecord {}

    /** The transactional id has expired. */
    record Removed(String transactionalId) implements TransactionRecord {}
}
