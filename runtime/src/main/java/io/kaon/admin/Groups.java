// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.wire.message.ConsumerGroupDescribeRequest;
import io.kaon.wire.message.ConsumerGroupDescribeResponse;
import io.kaon.wire.message.DescribeGroupsRequest;
import io.kaon.wire.message.DescribeGroupsResponse;
import io.kaon.wire.message.ListGroupsRequest;
import io.kaon.wire.message.ListGroupsResponse;
import io.kaon.wire.message.OffsetFetchRequest;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.kaon.wire.message.OffsetFetchResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Groups of consumers: what there is, for many groups in few calls. Any thread. */
public final class Groups {
    private final AdminCaller caller;

    /** @param caller whom to ask */
    public Groups(AdminCaller caller) {
        this.caller = caller;
    }

    /**
     * A group in the list.
     *
     * @param protocolType {@code consumer}; empty when it only keeps offsets
     * @param state as Kafka names it, such as {@code Stable} or {@code PreparingRebalance}
     * @param type {@code classic} or {@code consumer}, which protocol its members speak
     */
    public record Listing(String id, String protocolType, String state, String type) {}

    /**
     * A group.
     *
     * @param assignor who shares out partitions; empty without members
     */
    public record Group(Listing listing, String assignor, List<Member> members) {
        public Group {
            members = List.copyOf(members);
        }

        /** Its id. */
        public String id() {
            return listing.id();
        }

        /** Whether it keeps offsets for somebody who assigns partitions by hand. */
        public boolean isSimple() {
            return listing.type().equals("classic") && listing.protocolType().isEmpty();
        }

        /** The member that has a partition. */
        public Optional<Member> owner(TopicPartition partition) {
            return members.stream()
                    .filter(member -> member.assignment().contains(partition))
                    .findFirst();
        }
    }

    /**
     * A member.
     *
     * @param instanceId of a static member; empty for others
     * @param host from which it is connected
     */
    public record Member(
            String id, Optional<String> instanceId, String clientId, String host, List<TopicPartition> assignment) {
        public Member {
            assignment = List.copyOf(assignment);
        }
    }

    /** All groups that this broker coordinates, by id. */
    public CompletionStage<List<Listing>> list() {
        return caller.call(ListGroupsResponse.class, new ListGroupsRequest()).thenApply(answer -> {
            AdminCaller.check(answer.errorCode(), null);
            return answer.groups().stream()
                    .map(group ->
                            new Listing(group.groupId(), group.protocolType(), group.groupState(), group.groupType()))
                    .sorted(Comparator.comparing(Listing::id))
                    .toList();
        });
    }

    /** One group; fails with GROUP_ID_NOT_FOUND when there is none. */
    public CompletionStage<Group> describe(String id) {
        return describe(List.of(id)).thenApply(found -> Optional.ofNullable(found.get(id))
                .orElseThrow(() -> new AdminException(ErrorCode.GROUP_ID_NOT_FOUND, "There is no group of that id.")));
    }

    /** Several groups by id, in two calls; one that is not there is not in the map. */
    public CompletionStage<Map<String, Group>> describe(Collection<String> ids) {
        if (ids.isEmpty()) {
            return CompletableFuture.completedStage(Map.of());
        }
        return caller.call(
                        ConsumerGroupDescribeResponse.class,
                        new ConsumerGroupDescribeRequest().setGroupIds(new ArrayList<>(ids)))
                .thenCompose(answer -> {
                    Map<String, Group> found = new HashMap<>();
                    List<String> others = new ArrayList<>();
                    for (ConsumerGroupDescribeResponse.DescribedGroup group : answer.groups()) {
                        ErrorCode error = ErrorCode.of(group.errorCode());
                        if (error == ErrorCode.NONE) {
                            found.put(group.groupId(), toGroup(group));
                        } else if (error == ErrorCode.GROUP_ID_NOT_FOUND) {
                            others.add(group.groupId());
                        } else {
                            AdminCaller.check(group.errorCode(), group.errorMessage());
                        }
                    }
                    return classic(others, found);
                });
    }

    private CompletionStage<Map<String, Group>> classic(List<String> ids, Map<String, Group> found) {
        if (ids.isEmpty()) {
            return CompletableFuture.completedStage(found);
        }
        return caller.call(DescribeGroupsResponse.class, new DescribeGroupsRequest().setGroups(ids))
                .thenApply(answer -> {
                    for (DescribeGroupsResponse.DescribedGroup group : answer.groups()) {
                        ErrorCode error = ErrorCode.of(group.errorCode());
                        if (error == ErrorCode.NONE && !group.groupState().equals("Dead")) {
                            found.put(group.groupId(), toGroup(group));
                        } else if (error != ErrorCode.GROUP_ID_NOT_FOUND) {
                            AdminCaller.check(group.errorCode(), group.errorMessage());
                        }
                    }
                    return found;
                });
    }

    /** The committed offsets of groups, in one call: by group, then by partition in order. */
    public CompletionStage<Map<String, Map<TopicPartition, Long>>> committed(Collection<String> ids) {
        if (ids.isEmpty()) {
            return CompletableFuture.completedStage(Map.of());
        }
        List<OffsetFetchRequestGroup> asked = new ArrayList<>();
        ids.forEach(id -> asked.add(new OffsetFetchRequestGroup()
                .setGroupId(id)
                .setMemberId(null)
                .setMemberEpoch(-1)
                .setTopics(null)));
        return caller.call(OffsetFetchResponse.class, new OffsetFetchRequest().setGroups(asked))
                .thenApply(answer -> {
                    Map<String, Map<TopicPartition, Long>> all = new HashMap<>();
                    for (OffsetFetchResponse.OffsetFetchResponseGroup group : answer.groups()) {
                        if (group.errorCode() != ErrorCode.GROUP_ID_NOT_FOUND.code()) {
                            AdminCaller.check(group.errorCode(), null);
                        }
                        all.put(group.groupId(), offsetsOf(group));
                    }
                    return all;
                });
    }

    private static Map<TopicPartition, Long> offsetsOf(OffsetFetchResponse.OffsetFetchResponseGroup group) {
        Map<TopicPartition, Long> offsets = new TreeMap<>();
        group.topics().forEach(topic -> topic.partitions().stream()
                .filter(partition -> partition.errorCode() == ErrorCode.NONE.code() && partition.committedOffset() >= 0)
                .forEach(partition -> offsets.put(
                        new TopicPartition(topic.name(), partition.partitionIndex()), partition.committedOffset())));
        return offsets;
    }

    private static Group toGroup(ConsumerGroupDescribeResponse.DescribedGroup group) {
        Listing listing = new Listing(group.groupId(), "consumer", group.groupState(), "consumer");
        return new Group(
                listing,
                group.assignorName(),
                group.members().stream()
                        .map(member -> new Member(
                                member.memberId(),
                                Optional.ofNullable(member.instanceId()),
                                member.clientId(),
                                member.clientHost(),
                                member.assignment().topicPartitions().stream()
                                        .flatMap(topic -> topic.partitions().stream()
                                                .map(index -> new TopicPartition(topic.topicName(), index)))
                                        .toList()))
                        .toList());
    }

    private static Group toGroup(DescribeGroupsResponse.DescribedGroup group) {
        Listing listing = new Listing(group.groupId(), group.protocolType(), group.groupState(), "classic");
        return new Group(
                listing,
                group.protocolData(),
                group.members().stream()
                        .map(member -> new Member(
                                member.memberId(),
                                Optional.ofNullable(member.groupInstanceId()),
                                member.clientId(),
                                member.clientHost(),
                                ClassicAssignment.read(group.protocolType(), member.memberAssignment())))
                        .toList());
    }
}
