// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

/** What {@code __transaction_state} holds. */
sealed interface TransactionRecord {
    String transactionalId();

    /** The transactional id stands like this from now on. */
    record Stored(String transactionalId, Transaction transaction) implements TransactionRecord {}

    /** The transactional id has expired. */
    record Removed(String transactionalId) implements TransactionRecord {}
}
