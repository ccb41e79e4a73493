// SPDX-License-Identifier: Apache-2.0
package io.kaon.testing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/**
 * A consumer group as a test sees it, of either group protocol: who is in it, what each member reads, how far the group
 * has committed. From {@link KaonClient#group}; any thread.
 *
 * <p>Every look is a question to the broker. A group that does not exist is DEAD and has no members.
 */
public final class ConsumerGroup {
    private final KaonClient client;
    private final String groupId;

    ConsumerGroup(KaonClient client, String groupId) {
        this.client = client;
        this.groupId = groupId;
    }

    /** A member: what it calls itself, and which partitions it is to read. */
    public record Member(String memberId, String clientId, Set<TopicPartition> assignment) {
        public Member {
            assignment = Set.copyOf(assignment);
        }
    }

    /** The group's id. */
    public String groupId() {
        return groupId;
    }

    /** Kafka's state of the group. */
    public GroupState state() {
        ConsumerGroupDescription description = describe();
        return description == null ? GroupState.DEAD : description.groupState();
    }

    /** The members of now. */
    public List<Member> members() {
        ConsumerGroupDescription description = describe();
        return description == null ? List.of() : membersOf(description);
    }

    /** Which member reads which partitions, by member id. */
    public Map<String, Set<TopicPartition>> assignment() {
        return members().stream().collect(Collectors.toMap(Member::memberId, Member::assignment));
    }

    /** Committed offsets of a topic by partition: the next record to read. A partition without one is not there. */
    public Map<Integer, Long> committed(String topic) {
        Map<TopicPartition, OffsetAndMetadata> offsets = client.await(
                "Offsets of the group " + groupId,
                client.admin().listConsumerGroupOffsets(groupId).partitionsToOffsetAndMetadata());
        Map<Integer, Long> committed = new TreeMap<>();
        offsets.forEach((partition, offset) -> {
            if (offset != null && partition.topic().equals(topic)) {
                committed.put(partition.partition(), offset.offset());
            }
        });
        return committed;
    }

    /** Records of a topic that the group has not committed; where it has committed nothing, all that are there. */
    public long lag(String topic) {
        Map<Integer, Long> begins = client.beginningOffsets(topic);
        Map<Integer, Long> ends = client.endOffsets(topic);
        Map<Integer, Long> committed = committed(topic);
        return ends.entrySet().stream()
                .mapToLong(end -> {
                    long begin = begins.getOrDefault(end.getKey(), 0L);
                    long next = Math.max(begin, committed.getOrDefault(end.getKey(), begin));
                    return Math.max(0, end.getValue() - next);
                })
                .sum();
    }

    /** Waits until the group is stable: it has members, and each has what it is to read. */
    public ConsumerGroup awaitStable() {
        return await("stable", group -> group.groupState() == GroupState.STABLE && hasMembers(group));
    }

    /** Waits until the group is stable with exactly so many members. */
    public ConsumerGroup awaitMembers(int count) {
        return await(
                "stable with " + count + " members",
                group -> group.members().size() == count && (count == 0 || group.groupState() == GroupState.STABLE));
    }

    /** Waits until nobody is in the group any more. */
    public ConsumerGroup awaitEmpty() {
        return awaitMembers(0);
    }

    /** Waits until the group has committed this offset of partition 0, or a later one. */
    public ConsumerGroup awaitCommitted(String topic, long offset) {
        return awaitCommitted(topic, 0, offset);
    }

    /** Waits until the group has committed this offset, or a later one: it has handled what comes before it. */
    public ConsumerGroup awaitCommitted(String topic, int partition, long offset) {
        AtomicReference<Map<Integer, Long>> seen = new AtomicReference<>(Map.of());
        return awaitThat(
                () -> {
                    seen.set(whenReachable(() -> committed(topic), Map.of()));
                    return seen.get().getOrDefault(partition, -1L) >= offset;
                },
                () -> "Expected the group '" + groupId + "' to commit offset " + offset + " of " + topic + "-"
                        + partition + " within " + Patience.of(client.timeout()) + ", but its committed offsets of "
                        + topic + " are " + seen.get() + "; " + shown());
    }

    /**
     * Waits until the group has committed everything that stands in the topic now: a lag of 0. Records that are
     * written later do not count.
     */
    public ConsumerGroup awaitCaughtUp(String topic) {
        Map<Integer, Long> begins = client.beginningOffsets(topic);
        Map<Integer, Long> ends = client.endOffsets(topic);
        AtomicReference<Map<Integer, Long>> seen = new AtomicReference<>(Map.of());
        return awaitThat(
                () -> {
                    seen.set(whenReachable(() -> committed(topic), Map.of()));
                    return ends.entrySet().stream()
                            .allMatch(end -> end.getValue()
                                    <= seen.get().getOrDefault(end.getKey(), begins.getOrDefault(end.getKey(), 0L)));
                },
                () -> "Expected the group '" + groupId + "' to commit all of " + topic + ", which ends at " + ends
                        + ", within " + Patience.of(client.timeout()) + ", but it has committed " + seen.get() + "; "
                        + shown());
    }

    /**
     * Sets a committed offset, forward or back: where the group's next member begins.
     *
     * @throws IllegalStateException while the group has members, which would commit over it: stop them first
     */
    public ConsumerGroup commit(String topic, int partition, long offset) {
        return commit(Map.of(new TopicPartition(topic, partition), offset));
    }

    /** Sets committed offsets; see {@link #commit(String, int, long)}. */
    public ConsumerGroup commit(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        offsets.forEach((partition, offset) -> committed.put(partition, new OffsetAndMetadata(offset)));
        try {
            client.await(
                    "Committing for the group " + groupId,
                    client.admin().alterConsumerGroupOffsets(groupId, committed).all());
        } catch (UnknownMemberIdException inUse) {
            throw new IllegalStateException(
                    "The group '" + groupId + "' has members, only they may commit now: " + shown(), inUse);
        }
        return this;
    }

    /** Sets the committed offsets of a topic to its end: what stands there now will not be read. */
    public ConsumerGroup skipToEnd(String topic) {
        return commit(byPartition(topic, client.endOffsets(topic)));
    }

    /** Sets the committed offsets of a topic to its beginning. */
    public ConsumerGroup rewind(String topic) {
        return commit(byPartition(topic, client.beginningOffsets(topic)));
    }

    /**
     * Deletes the group with its offsets; one that does not exist is no error.
     *
     * @throws IllegalStateException while the group has members
     */
    public void delete() {
        try {
            client.await(
                    "Deleting the group " + groupId,
                    client.admin().deleteConsumerGroups(List.of(groupId)).all());
        } catch (GroupIdNotFoundException gone) {
            return; // As asked.
        } catch (GroupNotEmptyException inUse) {
            throw new IllegalStateException("The group '" + groupId + "' has members: " + shown(), inUse);
        }
    }

    /**
     * Throws all members out of a group of the classic protocol. Each finds out with its next heartbeat or commit and
     * joins again, as after a pause that was longer than its session. {@link Faults#kick} takes single members, and
     * those of the consumer protocol.
     */
    public void kickAll() {
        client.await(
                "Removing the members of " + groupId,
                client.admin()
                        .removeMembersFromConsumerGroup(groupId, new RemoveMembersFromConsumerGroupOptions())
                        .all());
    }

    boolean isOfConsumerProtocol() {
        ConsumerGroupDescription description = describe();
        return description != null && description.type() == GroupType.CONSUMER;
    }

    private ConsumerGroup await(String what, Predicate<ConsumerGroupDescription> expected) {
        return awaitThat(
                () -> {
                    ConsumerGroupDescription group = whenReachable(this::describe, null);
                    return group == null ? what.endsWith(" 0 members") : expected.test(group);
                },
                () -> "Expected the group '" + groupId + "' to be " + what + " within " + Patience.of(client.timeout())
                        + ", but " + shown());
    }

    private ConsumerGroup awaitThat(BooleanSupplier condition, Supplier<String> message) {
        if (!Patience.of(client.timeout()).until(condition)) {
            throw new AssertionError(message.get());
        }
        return this;
    }

    /** While a coordinator moves or a group begins, questions may fail: they are asked again. */
    private static <T> T whenReachable(Supplier<T> question, T otherwise) {
        try {
            return question.get();
        } catch (RetriableException again) {
            return otherwise;
        }
    }

    private ConsumerGroupDescription describe() {
        try {
            return client.await(
                    "Describing the group " + groupId,
                    client.admin()
                            .describeConsumerGroups(List.of(groupId))
                            .describedGroups()
                            .get(groupId));
        } catch (GroupIdNotFoundException none) {
            return null;
        }
    }

    private static boolean hasMembers(ConsumerGroupDescription group) {
        return !group.members().isEmpty();
    }

    private static List<Member> membersOf(ConsumerGroupDescription group) {
        return group.members().stream()
                .map(member -> new Member(
                        member.consumerId(),
                        member.clientId(),
                        member.assignment().topicPartitions()))
                .toList();
    }

    private static Map<TopicPartition, Long> byPartition(String topic, Map<Integer, Long> offsets) {
        return offsets.entrySet().stream()
                .collect(Collectors.toMap(entry -> new TopicPartition(topic, entry.getKey()), Map.Entry::getValue));
    }

    private String shown() {
        ConsumerGroupDescription group = whenReachable(this::describe, null);
        if (group == null) {
            return "there is no such group; there are " + otherGroups();
        }
        return "it is " + group.groupState() + " with "
                + (group.members().isEmpty() ? "no members" : "the members " + membersOf(group));
    }

    private Set<String> otherGroups() {
        return client.await("Listing groups", client.admin().listGroups().all()).stream()
                .map(GroupListing::groupId)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
