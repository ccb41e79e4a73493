// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import static io.kaon.common.Checks.require;

/**
 * The broker settings of the transaction coordinator, under Kafka's names and with Kafka's defaults.
 *
 * @param maxTimeoutMs {@code transaction.max.timeout.ms}: the longest timeout that a producer may ask for
 * @param abortTimedOutIntervalMs {@code transaction.abort.timed.out.transaction.cleanup.interval.ms}: how long after a
 *     refused abort of a transaction that has timed out it is tried again; a timeout itself is kept to the millisecond
 * @param idExpirationMs {@code transactional.id.expiration.ms}: how long an id without a transaction is remembered
 * @param removeExpiredIntervalMs {@code transaction.remove.expired.transaction.cleanup.interval.ms}
 */
public record TransactionOptions(
        int maxTimeoutMs, int abortTimedOutIntervalMs, long idExpirationMs, long removeExpiredIntervalMs) {
    /** What Kafka has when nothing is set. */
    public static final TransactionOptions DEFAULTS = new TransactionOptions(900_000, 10_000, 604_800_000L, 3_600_000L);

    public TransactionOptions {
        require(maxTimeoutMs >= 1, "transaction.max.timeout.ms must be at least 1, was %s", maxTimeoutMs);
        require(
                abortTimedOutIntervalMs >= 1,
                "transaction.abort.timed.out.transaction.cleanup.interval.ms must be at least 1, was %s",
                abortTimedOutIntervalMs);
        require(idExpirationMs >= 1, "transactional.id.expiration.ms must be at least 1, was %s", idExpirationMs);
        require(
                removeExpiredIntervalMs >= 1,
                "transaction.remove.expired.transaction.cleanup.interval.ms must be at least 1, was %s",
                removeExpiredIntervalMs);
    }
}
