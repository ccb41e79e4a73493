// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.coordinator.ShardTimers;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * The clocks of members: a session, which each heartbeat begins anew, and the time to give partitions up. Soft state,
 * begun anew when a shard is loaded. Owned by the shard.
 */
final class MemberTimers {
    private final ShardTimers timers;
    private final BiConsumer<String, String> onExpired;

    /** @param onExpired takes the ids of group and member whose time is over */
    MemberTimers(ShardTimers timers, BiConsumer<String, String> onExpired) {
        this.timers = timers;
        this.onExpired = onExpired;
    }

    void startSession(String groupId, String memberId, int timeoutMs) {
        timers.schedule(new Session(groupId, memberId), timeoutMs, () -> onExpired.accept(groupId, memberId));
    }

    /** @param check whether the member is still where it was: only then its time is over */
    void startRevocation(String groupId, String memberId, int timeoutMs, BooleanSupplier check) {
        timers.schedule(new Revocation(groupId, memberId), timeoutMs, () -> {
            if (check.getAsBoolean()) {
                onExpired.accept(groupId, memberId);
            }
        });
    }

    void stopRevocation(String groupId, String memberId) {
        timers.cancel(new Revocation(groupId, memberId));
    }

    void stop(String groupId, String memberId) {
        timers.cancel(new Session(groupId, memberId));
        timers.cancel(new Revocation(groupId, memberId));
    }

    private record Session(String groupId, String memberId) {}

    private record Revocation(String groupId, String memberId) {}
}
