// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

/**
 * How patient the coordinator is with a member.
 *
 * @param rebalanceMs how long a rebalance waits for it to join again
 * @param sessionMs how long it may be silent
 */
record MemberTimeouts(int rebalanceMs, int sessionMs) {
    /** JoinGroup 0 has no rebalance timeout: the session timeout counts for both. */
    static MemberTimeouts of(int rebalanceMs, int sessionMs) {
        return new MemberTimeouts(rebalanceMs < 0 ? sessionMs : rebalanceMs, sessionMs);
    }
}
