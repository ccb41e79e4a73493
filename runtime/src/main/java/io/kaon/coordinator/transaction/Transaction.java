// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

/**
 * What {@code __transaction_state} holds of a transactional id. Immutable; every step makes the next record.
 *
 * @param producer who owns the id
 * @param phase what its transaction does
 * @param timeoutMs after which a transaction is aborted
 * @param updatedMs wall time of the last step: ids that nobody uses expire by it
 * @param clientVersion the transaction.version that the owner, or the coordinator in its place, last worked with
 */
record Transaction(
        ProducerIdentity producer, TransactionPhase phase, int timeoutMs, long updatedMs, short clientVersion) {
    /** The producer's epoch changes with every transaction from this one on (KIP-890). */
    static final short EPOCH_PER_TRANSACTION = 2;

    static boolean bumpsEpoch(short clientVersion) {
        return clientVersion >= EPOCH_PER_TRANSACTION;
    }

    boolean bumpsEpoch() {
        return bumpsEpoch(clientVersion);
    }

    TransactionState state() {
        return phase.state();
    }

    /** How it ends is decided, but not everybody knows. */
    boolean isEnding() {
        return phase instanceof TransactionPhase.Ending;
    }

    /** The owner's side changes, everything else is as in this one. */
    Transaction to(ProducerIdentity next, TransactionPhase nextPhase, long nowMs) {
        return new Transaction(next, nextPhase, timeoutMs, nowMs, clientVersion);
    }

    Transaction withClientVersion(short version) {
        return new Transaction(producer, phase, timeoutMs, updatedMs, version);
    }
}
