// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/**
 * A consumer's place in its group, by one of Kafka's two protocols. Owned by the thread that polls, but for
 * {@link #metadata()} and {@link #heartbeat()}.
 */
sealed interface Membership permits ClassicMember, ModernMember {
    /** Group, generation or member epoch, and member id as they stand. Any thread. */
    ConsumerGroupMetadata metadata();

    /** How often {@link #heartbeat()} is to be called. Any thread. */
    int beatMs();

    /** Tells the coordinator that this member lives. Called by a timer. */
    void heartbeat();

    /** Asks for another assignment, where the protocol lets a member ask. */
    void rejoin();

    /**
     * Leaves, so that the others need not wait for the session to end.
     *
     * @param departure whether a member keeps its place
     */
    CompletableFuture<Void> leave(Departure departure);

    /** Begins to follow what the group assigns. */
    GroupConsumption follow(Subscription subscription, OwnedPartitions owned);

    /**
     * Why and how a member leaves.
     *
     * @param place what becomes of the member's place; by default only static members keep theirs
     */
    record Departure(String reason, GroupMembershipOperation place) {
        static Departure because(String reason) {
            return new Departure(reason, GroupMembershipOperation.DEFAULT);
        }

        boolean isKeepingPlace(boolean isStatic) {
            return place == GroupMembershipOperation.REMAIN_IN_GROUP
                    || (isStatic && place == GroupMembershipOperation.DEFAULT);
        }
    }
}
