// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import static io.kaon.common.Checks.require;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who a member is and what it wants; empty texts mean "not given".
 *
 * @param memberId unique in the group
 * @param instanceId of a static member (KIP-345), else empty
 * @param rackId where it runs, or empty
 * @param client as people see it
 * @param subscription the topics
 * @param rebalanceTimeoutMs how long it may take to give partitions up; −1 when not known
 * @param serverAssignor the assignor that it prefers, or empty
 * @param classic for a member that speaks the classic protocol in a group of this one
 */
public record MemberProfile(
        String memberId,
        String instanceId,
        String rackId,
        Client client,
        Subscription subscription,
        int rebalanceTimeoutMs,
        String serverAssignor,
        Optional<ClassicSide> classic) {
    public MemberProfile {
        require(
                instanceId != null && rackId != null && serverAssignor != null && classic != null,
                "what a member does not give is empty");
    }

    /** A member of which nothing is known yet. */
    static MemberProfile blank(String memberId) {
        return new MemberProfile(memberId, "", "", new Client("", ""), Subscription.NONE, -1, "", Optional.empty());
    }

    /**
     * Where a member comes from.
     *
     * @param id as the client calls itself
     * @param host as Kafka shows it: {@code /127.0.0.1}
     */
    public record Client(String id, String host) {}

    /**
     * What a member consumes: the union of both.
     *
     * @param names of topics, which may not exist yet
     * @param regex an expression for RE2, or empty
     */
    public record Subscription(SortedSet<String> names, String regex) {
        public static final Subscription NONE = new Subscription(new TreeSet<>(), "");

        public Subscription {
            names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
        }

        public boolean hasRegex() {
            return !regex.isEmpty();
        }
    }

    /**
     * What the classic protocol has and this one has not.
     *
     * @param sessionTimeoutMs its own
     * @param protocols its assignors in order of preference, with their metadata
     */
    public record ClassicSide(int sessionTimeoutMs, List<ClassicProtocol> protocols) {
        public ClassicSide {
            protocols = List.copyOf(protocols);
        }
    }

    /**
     * A classic assignor that a member supports.
     *
     * @param metadata not changed by anybody
     */
    public record ClassicProtocol(String name, byte[] metadata) {
        @Override
        public boolean equals(Object other) {
            return other instanceof ClassicProtocol protocol
                    && name.equals(protocol.name)
                    && Arrays.equals(metadata, protocol.metadata);
        }

        @Override
        public int hashCode() {
            return 31 * name.hashCode() + Arrays.hashCode(metadata);
        }
    }

    public boolean isStatic() {
        return !instanceId.isEmpty();
    }

    public boolean usesClassicProtocol() {
        return classic.isPresent();
    }

    MemberProfile withSubscription(Subscription other) {
        return new MemberProfile(
                memberId, instanceId, rackId, client, other, rebalanceTimeoutMs, serverAssignor, classic);
    }

    /** The same member under another id: a static member whose process began anew. */
    public MemberProfile withMemberId(String other) {
        return new MemberProfile(
                other, instanceId, rackId, client, subscription, rebalanceTimeoutMs, serverAssignor, classic);
    }
}
