// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import java.util.Optional;
import java.util.OptionalLong;

/** A request about one transactional id: a pure function of what is there. */
@FunctionalInterface
interface Question {
    /**
     * @param present after all that was replayed; empty for an id that is not known
     * @param freshId a producer id that nobody has, if one was asked for; it may be left unused
     * @param nowMs wall time
     */
    Decision decide(Optional<Transaction> present, OptionalLong freshId, long nowMs);
}
