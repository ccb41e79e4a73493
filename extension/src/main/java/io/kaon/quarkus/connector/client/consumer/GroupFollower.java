// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.quarkus.connector.client.BrokerCalls;
import io.kaon.quarkus.connector.client.Deadline;
import io.kaon.quarkus.connector.client.consumer.Membership.Departure;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.jboss.logging.Logger;

/**
 * Follows a consumer's group from its first subscription until it leaves, and beats as long as it is polled. Owned by the
 * thread that polls, but for {@link #metadata()}; the timer calls {@code beat}.
 */
final class GroupFollower {
    private static final Logger LOG = Logger.getLogger(GroupFollower.class);

    private final String clientId;
    private final int maxPollMs;
    private final Membership member;
    private final OwnedPartitions owned;
    private final Runnable onHeartbeat;
    private final Heartbeats heartbeats;
    private volatile Optional<GroupConsumption> group = Optional.empty();
    private volatile long lastPollNs = System.nanoTime();
    private int seenChanges;

    /**
     * @param onHeartbeat is told of each that is sent, on the timer's thread
     * @param timer for heartbeats
     */
    GroupFollower(
            ConsumerSettings settings,
            Membership member,
            OwnedPartitions owned,
            Runnable onHeartbeat,
            ScheduledExecutorService timer) {
        this.clientId = settings.clientId();
        this.maxPollMs = settings.group().timeouts().maxPollIntervalMs();
        this.member = member;
        this.owned = owned;
        this.onHeartbeat = onHeartbeat;
        this.heartbeats = new Heartbeats(timer, this::beat, () -> Math.min(member.beatMs(), maxPollMs));
    }

    /** Runs on the timer. A consumer whose application stopped polling gives its partitions to the others. */
    private void beat() {
        long idleMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastPollNs);
        if (idleMs <= maxPollMs) {
            member.heartbeat();
            if (member.metadata().generationId() >= 0) {
                onHeartbeat.run();
            }
        } else if (member.metadata().generationId() >= 0) {
            LOG.warnf(
                    "Consumer %s leaves group %s: it was not polled for %d ms, more than max.poll.interval.ms",
                    clientId, member.metadata().groupId(), idleMs);
            member.leave(Departure.because("max.poll.interval.ms is over"));
        }
    }

    /** Whether there is a group to follow. */
    boolean isInGroup() {
        return group.isPresent();
    }

    /** Group, generation or member epoch, and member id as they stand. Any thread. */
    ConsumerGroupMetadata metadata() {
        return member.metadata();
    }

    /** What is subscribed to by name. */
    Set<String> topics() {
        return group.map(consumption -> consumption.subscription().topics()).orElse(Set.of());
    }

    /** Begins to follow the group, or goes on with another subscription. */
    void subscribe(Subscription subscription) {
        if (group.isPresent()) {
            group.get().subscribe(subscription);
        } else {
            group = Optional.of(member.follow(subscription, owned));
            heartbeats.hurry();
        }
    }

    /** Asks for another assignment, where the protocol lets a member ask. */
    void rejoin() {
        member.rejoin();
    }

    /** The application is there: somebody polls. */
    void onPoll() {
        lastPollNs = System.nanoTime();
    }

    /** Goes on with whatever the group asks for, without waiting for it. */
    void progress() {
        group.ifPresent(GroupConsumption::progress);
    }

    /** Whether there is something to do that rings no bell. */
    boolean isUnsettled() {
        return group.filter(GroupConsumption::isUnsettled).isPresent();
    }

    /** Whether the group has assigned or lost something since this was asked. */
    boolean hasRebalanced() {
        if (owned.changes() == seenChanges) {
            return false;
        }
        seenChanges = owned.changes();
        heartbeats.hurry();
        return true;
    }

    /** Gives everything up and waits until the coordinator knows it; a consumer may subscribe again then. */
    void leave(Deadline deadline, Departure departure) {
        if (group.isEmpty()) {
            return;
        }
        try {
            group.get().giveUp();
        } finally {
            group = Optional.empty();
            BrokerCalls.await(member.leave(departure), deadline, "leaving the group");
        }
    }

    /** No heartbeat is sent from now on; {@link #leave} may follow. */
    void stop() {
        heartbeats.stop();
    }
}
