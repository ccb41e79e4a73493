// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import io.kaon.common.Uuid;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A group that changes at random: members come, go and change their mind, topics appear, grow and disappear. */
final class RandomGroup {
    private static final int MAX_MEMBERS = 20;
    private static final int MAX_TOPICS = 8;
    private static final int MAX_PARTITIONS = 30;
    private static final List<String> RACKS = List.of("", "east", "north", "west");

    /** The first boolean of small seeds is always true. */
    private static final long SCATTER = 0x9E3779B97F4A7C15L;

    final boolean isHomogeneous;
    private final Random random;
    private final boolean hasRacks;
    private final Map<Uuid, AssignorTopic> topics = new HashMap<>();
    private final Map<String, AssignorMember> members = new HashMap<>();
    private int nextMember;

    RandomGroup(long seed) {
        random = new Random(seed * SCATTER);
        isHomogeneous = random.nextBoolean();
        hasRacks = random.nextBoolean();
        int topicCount = 1 + random.nextInt(MAX_TOPICS);
        for (int i = 0; i < topicCount; i++) {
            addTopic();
        }
        int memberCount = 1 + random.nextInt(MAX_MEMBERS);
        for (int i = 0; i < memberCount; i++) {
            addMember();
        }
    }

    AssignorInput input() {
        return new AssignorInput(new ArrayList<>(members.values()), topics);
    }

    /** The same with its members in another order. */
    AssignorInput shuffled() {
        List<AssignorMember> order = new ArrayList<>(members.values());
        Collections.shuffle(order, random);
        return new AssignorInput(order, topics);
    }

    void onTargets(Map<String, Assignment> targets) {
        members.replaceAll((id, it) -> new AssignorMember(
                id, it.instanceId(), it.rack(), it.subscribedTopics(), targets.getOrDefault(id, Assignment.EMPTY)));
    }

    void change() {
        switch (random.nextInt(5)) {
            case 0 -> addMember();
            case 1 -> removeMember();
            case 2 -> growTopic();
            case 3 -> replaceTopic();
            default -> changeMind();
        }
    }

    void addMember() {
        String id = "member-" + random.nextInt(1_000) + "-" + nextMember++;
        String instance = random.nextInt(4) == 0 ? "instance-" + random.nextInt(1_000) + "-" + nextMember : "";
        members.put(id, new AssignorMember(id, instance, rack(), subscription(), Assignment.EMPTY));
    }

    boolean removeMember() {
        if (members.size() == 1) {
            return false;
        }
        members.remove(any(new ArrayList<>(members.keySet())));
        return true;
    }

    private void growTopic() {
        AssignorTopic topic = topics.get(any(new ArrayList<>(topics.keySet())));
        topics.put(
                topic.id(),
                new AssignorTopic(topic.id(), topic.partitionCount() + 1 + random.nextInt(3), topic.racks()));
    }

    /** Members still subscribe to the one that is gone: its id means nothing any more. */
    private void replaceTopic() {
        topics.remove(any(new ArrayList<>(topics.keySet())));
        addTopic();
        for (String id : new ArrayList<>(members.keySet())) {
            resubscribe(id, isHomogeneous ? topics.keySet() : members.get(id).subscribedTopics());
        }
    }

    private void changeMind() {
        if (!isHomogeneous) {
            resubscribe(any(new ArrayList<>(members.keySet())), subscription());
        }
    }

    private void resubscribe(String id, Set<Uuid> subscription) {
        members.computeIfPresent(
                id,
                (same, it) ->
                        new AssignorMember(id, it.instanceId(), it.rack(), Set.copyOf(subscription), it.target()));
    }

    private void addTopic() {
        Uuid id = new Uuid(random.nextLong(), random.nextLong());
        int salt = random.nextInt(RACKS.size());
        PartitionRacks racks = hasRacks
                ? partition -> Set.of(RACKS.get(1 + (partition + salt) % (RACKS.size() - 1)))
                : PartitionRacks.NONE;
        topics.put(id, new AssignorTopic(id, 1 + random.nextInt(MAX_PARTITIONS), racks));
    }

    private Set<Uuid> subscription() {
        Set<Uuid> subscription = new HashSet<>();
        for (Uuid id : topics.keySet()) {
            if (isHomogeneous || random.nextInt(3) > 0) {
                subscription.add(id);
            }
        }
        return subscription;
    }

    private String rack() {
        return hasRacks ? any(RACKS) : "";
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
