// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.wire.message.ListTransactionsRequest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What ListTransactions (api 66) asks for. What is not asked for lets everything pass.
 *
 * @param states whose names are known
 * @param hasStates whether any were asked for, known or not
 * @param producerIds these only
 * @param minDurationMs those that began longer ago; −1 for all
 * @param pattern of the transactional id, which may take long to match; not asked for, it is empty
 */
record TransactionFilter(
        Set<TransactionState> states,
        boolean hasStates,
        Set<Long> producerIds,
        long minDurationMs,
        Optional<IdPattern> pattern) {
    private static final long ANY_DURATION = -1;

    /** Empty when the expression is none. */
    static Optional<TransactionFilter> of(ListTransactionsRequest request) {
        Optional<IdPattern> pattern = Optional.empty();
        if (request.transactionalIdPattern() != null
                && !request.transactionalIdPattern().isEmpty()) {
            pattern = IdPattern.compile(request.transactionalIdPattern());
            if (pattern.isEmpty()) {
                return Optional.empty();
            }
        }
        Set<TransactionState> states = EnumSet.noneOf(TransactionState.class);
        request.stateFilters().forEach(name -> TransactionState.named(name).ifPresent(states::add));
        return Optional.of(new TransactionFilter(
                states,
                !request.stateFilters().isEmpty(),
                new HashSet<>(request.producerIdFilters()),
                request.durationFilter(),
                pattern));
    }

    /** The names that are no state. */
    static List<String> unknownStates(ListTransactionsRequest request) {
        List<String> unknown = new ArrayList<>(request.stateFilters());
        unknown.removeIf(name -> TransactionState.named(name).isPresent());
        return unknown;
    }

    /** Whether the transaction passes; its id is left to the pattern. */
    boolean matches(Transaction transaction, long nowMs) {
        return (producerIds.isEmpty()
                        || producerIds.contains(transaction.producer().id()))
                && (!hasStates || states.contains(transaction.state()))
                && (minDurationMs <= ANY_DURATION || nowMs - transaction.phase().startMs() > minDurationMs);
    }
}
