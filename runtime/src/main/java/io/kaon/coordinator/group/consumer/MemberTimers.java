// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.coordinator.ShardTimers;
import java.util.function.BooleanSupplier;

/**
 * The clocks of members: a session, which each heartbeat begins anew, and the time to give partitions up; for those of
 * the classic protocol the time to join again, and to sync. Whose time is over is expelled. Soft state, begun anew when
 * a shard is loaded. Owned by the shard.
 */
final class MemberTimers {
    private final ShardTimers timers;
    private final Expulsion expulsion;

    MemberTimers(ShardTimers timers, Expulsion expulsion) {
        this.timers = timers;
        this.expulsion = expulsion;
    }

    /** Removes a member from its group. */
    @FunctionalInterface
    interface Expulsion {
        /** @param again sets the member's clock once more, for a short time */
        void expel(String groupId, String memberId, Runnable again);
    }

    void startSession(String groupId, String memberId, int timeoutMs) {
        start(new Session(groupId, memberId), groupId, memberId, timeoutMs, () -> true);
    }

    /** @param check whether the member is still where it was: only then its time is over */
    void startRevocation(String groupId, String memberId, int timeoutMs, BooleanSupplier check) {
        start(new Revocation(groupId, memberId), groupId, memberId, timeoutMs, check);
    }

    void stopRevocation(String groupId, String memberId) {
        timers.cancel(new Revocation(groupId, memberId));
    }

    /** Unless it runs already: to be told again gives nobody more time. */
    void startJoin(String groupId, String memberId, int timeoutMs) {
        Join join = new Join(groupId, memberId);
        if (!timers.isScheduled(join)) {
            start(join, groupId, memberId, timeoutMs, () -> true);
        }
    }

    /** The member has joined. */
    void startSync(String groupId, String memberId, int timeoutMs) {
        timers.cancel(new Join(groupId, memberId));
        start(new Sync(groupId, memberId), groupId, memberId, timeoutMs, () -> true);
    }

    void stopSync(String groupId, String memberId) {
        timers.cancel(new Sync(groupId, memberId));
    }

    /** The member has gone. */
    void stop(String groupId, String memberId) {
        timers.cancel(new Session(groupId, memberId));
        timers.cancel(new Revocation(groupId, memberId));
        timers.cancel(new Join(groupId, memberId));
        timers.cancel(new Sync(groupId, memberId));
    }

    private void start(Object name, String groupId, String memberId, int timeoutMs, BooleanSupplier check) {
        timers.schedule(name, timeoutMs, () -> {
            if (check.getAsBoolean()) {
                Runnable again = () -> start(name, groupId, memberId, ConsumerGroupShard.RETRY_MS, check);
                expulsion.expel(groupId, memberId, again);
            }
        });
    }

    private record Session(String groupId, String memberId) {}

    private record Revocation(String groupId, String memberId) {}

    private record Join(String groupId, String memberId) {}

    private record Sync(String groupId, String memberId) {}
}
