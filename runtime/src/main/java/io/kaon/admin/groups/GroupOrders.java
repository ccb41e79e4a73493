// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.groups;

import io.kaon.admin.AdminCaller;
import io.kaon.admin.AdminException;
import io.kaon.admin.Groups;
import io.kaon.admin.Offsets;
import io.kaon.admin.Topics;
import io.kaon.admin.groups.ResetOrder.Effect;
import io.kaon.admin.records.Position;
import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.wire.message.DeleteGroupsRequest;
import io.kaon.wire.message.DeleteGroupsResponse;
import io.kaon.wire.message.ListGroupsRequest;
import io.kaon.wire.message.ListGroupsResponse;
import io.kaon.wire.message.OffsetCommitRequest;
import io.kaon.wire.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.kaon.wire.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.kaon.wire.message.OffsetCommitResponse;
import io.kaon.wire.message.OffsetDeleteRequest;
import io.kaon.wire.message.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.kaon.wire.message.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.kaon.wire.message.OffsetDeleteResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Orders to groups of consumers, classic ones and those of the consumer protocol. Any thread. */
public final class GroupOrders {
    private static final int NO_GENERATION = -1;
    private static final int NO_EPOCH = -1;
    private static final String NO_MEMBER = "";
    private static final Set<String> WITHOUT_MEMBERS = Set.of("Empty", "Dead");
    /** What a commit from outside is told when the group has members. */
    private static final Set<ErrorCode> HAS_MEMBERS = Set.of(
            ErrorCode.UNKNOWN_MEMBER_ID,
            ErrorCode.ILLEGAL_GENERATION,
            ErrorCode.REBALANCE_IN_PROGRESS,
            ErrorCode.STALE_MEMBER_EPOCH,
            ErrorCode.FENCED_MEMBER_EPOCH);

    private final AdminCaller caller;
    private final Groups groups;
    private final Topics topics;
    private final Offsets offsets;

    public GroupOrders(AdminCaller caller) {
        this.caller = caller;
        this.groups = new Groups(caller);
        this.topics = new Topics(caller);
        this.offsets = Offsets.certain(caller);
    }

    /**
     * What is set in one partition.
     *
     * @param before what was committed; empty for nothing
     */
    public record Change(TopicPartition partition, OptionalLong before, long after) {}

    /**
     * Sets committed offsets, within what the partitions hold.
     *
     * @return by topic and partition; fails with NON_EMPTY_GROUP while the group has members, GROUP_ID_NOT_FOUND when there
     *     is no such group, UNKNOWN_TOPIC_OR_PARTITION
     */
    public CompletionStage<List<Change>> reset(ResetOrder order) {
        return requireWithoutMembers(order.group())
                .thenCompose(checked -> committed(order.group()))
                .thenCompose(committed -> targets(order, committed)
                        .thenCompose(partitions -> after(order, partitions))
                        .thenApply(after -> changes(committed, after)))
                .thenCompose(changes -> order.effect() == Effect.DRY_RUN || changes.isEmpty()
                        ? CompletableFuture.completedStage(changes)
                        : commit(order.group(), changes).thenApply(done -> changes));
    }

    /** In order; empty for a group that is not known. */
    private CompletionStage<Map<TopicPartition, Long>> committed(String group) {
        return groups.committed(List.of(group)).thenApply(all -> all.getOrDefault(group, Map.of()));
    }

    private CompletionStage<Void> requireWithoutMembers(String group) {
        return caller.call(ListGroupsResponse.class, new ListGroupsRequest()).thenAccept(answer -> {
            AdminCaller.check(answer.errorCode(), null);
            String state = answer.groups().stream()
                    .filter(listed -> listed.groupId().equals(group))
                    .map(listed -> listed.groupState())
                    .findFirst()
                    .orElseThrow(() -> unknown(group));
            if (!WITHOUT_MEMBERS.contains(state)) {
                throw hasMembers(group, state);
            }
        });
    }

    private CompletionStage<List<TopicPartition>> targets(ResetOrder order, Map<TopicPartition, Long> committed) {
        if (order.topic().isEmpty()) {
            return CompletableFuture.completedStage(List.copyOf(committed.keySet()));
        }
        String topic = order.topic().get();
        return topics.describe(topic).thenApply(found -> {
            int count = found.partitions().size();
            List<TopicPartition> partitions = new ArrayList<>();
            for (int partition = 0; partition < count; partition++) {
                if (order.partitions().isEmpty() || order.partitions().contains(partition)) {
                    partitions.add(new TopicPartition(topic, partition));
                }
            }
            for (int asked : order.partitions()) {
                if (asked < 0 || asked >= count) {
                    throw new AdminException(
                            ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                            "The topic " + topic + " has no partition " + asked + ": it has " + count
                                    + ", counted from 0.");
                }
            }
            return partitions;
        });
    }

    private CompletionStage<SortedMap<TopicPartition, Long>> after(ResetOrder order, List<TopicPartition> partitions) {
        return offsets.earliest(partitions).thenCompose(earliest -> offsets.latest(partitions)
                .thenCompose(latest -> wanted(order.to(), partitions, earliest, latest)
                        .thenApply(wanted -> within(wanted, earliest, latest))));
    }

    private CompletionStage<Map<TopicPartition, Long>> wanted(
            Position to,
            List<TopicPartition> partitions,
            Map<TopicPartition, Long> earliest,
            Map<TopicPartition, Long> latest) {
        if (to instanceof Position.AtTimestamp time) {
            return offsets.at(partitions, time.timestampMs()).thenApply(found -> {
                Map<TopicPartition, Long> offsets = new TreeMap<>();
                latest.forEach((partition, end) -> offsets.put(partition, found.getOrDefault(partition, end)));
                return offsets;
            });
        } else if (to instanceof Position.AtOffset at) {
            Map<TopicPartition, Long> offsets = new TreeMap<>();
            latest.forEach((partition, end) -> offsets.put(partition, at.offset()));
            return CompletableFuture.completedStage(offsets);
        }
        return CompletableFuture.completedStage(to instanceof Position.Oldest ? earliest : latest);
    }

    /** Partitions of topics that are gone are in neither. */
    private static SortedMap<TopicPartition, Long> within(
            Map<TopicPartition, Long> wanted, Map<TopicPartition, Long> earliest, Map<TopicPartition, Long> latest) {
        SortedMap<TopicPartition, Long> offsets = new TreeMap<>();
        wanted.forEach((partition, offset) -> {
            if (earliest.containsKey(partition) && latest.containsKey(partition)) {
                long atLeast = Math.max(earliest.get(partition), offset);
                offsets.put(partition, Math.min(latest.get(partition), atLeast));
            }
        });
        return offsets;
    }

    private static List<Change> changes(Map<TopicPartition, Long> committed, SortedMap<TopicPartition, Long> after) {
        List<Change> changes = new ArrayList<>();
        after.forEach((partition, offset) -> changes.add(new Change(
                partition,
                committed.containsKey(partition) ? OptionalLong.of(committed.get(partition)) : OptionalLong.empty(),
                offset)));
        return changes;
    }

    private CompletionStage<Void> commit(String group, List<Change> changes) {
        Map<String, List<OffsetCommitRequestPartition>> byTopic = new TreeMap<>();
        for (Change change : changes) {
            byTopic.computeIfAbsent(change.partition().topic(), topic -> new ArrayList<>())
                    .add(new OffsetCommitRequestPartition()
                            .setPartitionIndex(change.partition().partition())
                            .setCommittedOffset(change.after())
                            .setCommittedLeaderEpoch(NO_EPOCH)
                            .setCommittedMetadata(""));
        }
        List<OffsetCommitRequestTopic> topics = new ArrayList<>();
        byTopic.forEach((topic, partitions) ->
                topics.add(new OffsetCommitRequestTopic().setName(topic).setPartitions(partitions)));
        OffsetCommitRequest request = new OffsetCommitRequest()
                .setGroupId(group)
                .setGenerationIdOrMemberEpoch(NO_GENERATION)
                .setMemberId(NO_MEMBER)
                .setTopics(topics);
        return caller.call(OffsetCommitResponse.class, request).thenAccept(answer -> answer.topics()
                .forEach(topic -> topic.partitions().forEach(partition -> {
                    ErrorCode error = ErrorCode.of(partition.errorCode());
                    if (HAS_MEMBERS.contains(error)) {
                        throw hasMembers(group, "a member has just joined");
                    }
                    if (error != ErrorCode.NONE) {
                        throw new AdminException(
                                error,
                                "The offset of partition " + partition.partitionIndex() + " of the topic "
                                        + topic.name() + " was not set: " + error);
                    }
                })));
    }

    /** Deletes a group with its offsets; fails with NON_EMPTY_GROUP while it has members. */
    public CompletionStage<Void> delete(String group) {
        DeleteGroupsRequest request = new DeleteGroupsRequest().setGroupsNames(new ArrayList<>(List.of(group)));
        return caller.call(DeleteGroupsResponse.class, request)
                .thenAccept(answer -> check(
                        group,
                        answer.results().stream().findFirst().orElseThrow().errorCode()));
    }

    /** Deletes what a group has committed for a topic; fails with GROUP_SUBSCRIBED_TO_TOPIC while a member reads it. */
    public CompletionStage<List<TopicPartition>> deleteOffsets(String group, String topic) {
        return committed(group).thenCompose(committed -> {
            List<TopicPartition> partitions = committed.keySet().stream()
                    .filter(partition -> partition.topic().equals(topic))
                    .toList();
            return partitions.isEmpty()
                    ? requireKnown(group).thenApply(known -> {
                        throw new AdminException(
                                ErrorCode.RESOURCE_NOT_FOUND,
                                "The group " + group + " has no offsets of the topic " + topic + ".");
                    })
                    : deleteOffsets(group, topic, partitions);
        });
    }

    private CompletionStage<Void> requireKnown(String group) {
        return caller.call(ListGroupsResponse.class, new ListGroupsRequest()).thenAccept(answer -> {
            if (answer.groups().stream().noneMatch(listed -> listed.groupId().equals(group))) {
                throw unknown(group);
            }
        });
    }

    private CompletionStage<List<TopicPartition>> deleteOffsets(
            String group, String topic, List<TopicPartition> partitions) {
        List<OffsetDeleteRequestPartition> asked = new ArrayList<>();
        partitions.forEach(one -> asked.add(new OffsetDeleteRequestPartition().setPartitionIndex(one.partition())));
        OffsetDeleteRequest request = new OffsetDeleteRequest()
                .setGroupId(group)
                .setTopics(new ArrayList<>(
                        List.of(new OffsetDeleteRequestTopic().setName(topic).setPartitions(asked))));
        return caller.call(OffsetDeleteResponse.class, request).thenApply(answer -> {
            check(group, answer.errorCode());
            answer.topics().forEach(one -> one.partitions().forEach(partition -> {
                ErrorCode error = ErrorCode.of(partition.errorCode());
                if (error == ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC) {
                    throw new AdminException(
                            error,
                            "Members of the group " + group + " read the topic " + topic
                                    + ": stop them, or have them subscribe to other topics, first.");
                }
                AdminCaller.check(partition.errorCode(), null);
            }));
            return partitions;
        });
    }

    private static void check(String group, short code) {
        ErrorCode error = ErrorCode.of(code);
        if (error == ErrorCode.NON_EMPTY_GROUP) {
            throw hasMembers(group, "not empty");
        }
        if (error == ErrorCode.GROUP_ID_NOT_FOUND) {
            throw unknown(group);
        }
        AdminCaller.check(code, null);
    }

    private static AdminException hasMembers(String group, String state) {
        return new AdminException(
                ErrorCode.NON_EMPTY_GROUP,
                "The group " + group + " has members (" + state + "): stop its consumers first.");
    }

    private static AdminException unknown(String group) {
        return new AdminException(ErrorCode.GROUP_ID_NOT_FOUND, "There is no group " + group + ".");
    }
}
