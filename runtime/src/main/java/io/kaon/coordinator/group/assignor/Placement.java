// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import io.kaon.common.Uuid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who owns which partition while an assignment is worked out. Members and topics are places in arrays as in {@link
 * Subscribers}. It starts with what the members' last targets may keep. Used once, by one thread.
 */
final class Placement {
    static final int NOBODY = -1;

    private final List<AssignorMember> members;
    private final List<AssignorTopic> topics;
    private final Subscribers subscribers;
    private final int[][] owners;
    private final int[] loads;
    private final boolean hasRacks;

    Placement(AssignorInput input) {
        subscribers = new Subscribers(input);
        members = subscribers.members();
        topics = subscribers.topics();
        hasRacks = members.stream().anyMatch(member -> !member.rack().isEmpty());
        owners = new int[topics.size()][];
        for (int topic = 0; topic < owners.length; topic++) {
            owners[topic] = new int[topics.get(topic).partitionCount()];
            Arrays.fill(owners[topic], NOBODY);
        }
        loads = new int[members.size()];
        for (int member = 0; member < loads.length; member++) {
            keep(member, subscribers.places());
        }
    }

    /** Takes over what the member had, as far as it still subscribes to it, it still exists and nobody else has it. */
    private void keep(int member, Map<Uuid, Integer> places) {
        AssignorMember keeper = members.get(member);
        keeper.target().topics().forEach((id, partitions) -> {
            Integer topic = places.get(id);
            if (topic == null || !keeper.subscribedTopics().contains(id)) {
                return;
            }
            for (int i = 0; i < partitions.size(); i++) {
                int partition = partitions.get(i);
                if (partition < owners[topic].length && owners[topic][partition] == NOBODY) {
                    give(topic, partition, member);
                }
            }
        });
    }

    int memberCount() {
        return loads.length;
    }

    int topicCount() {
        return topics.size();
    }

    int partitionCount(int topic) {
        return owners[topic].length;
    }

    /** Ascending. Not to be changed. */
    int[] subscribers(int topic) {
        return subscribers.of(topic);
    }

    /** How many partitions, of all topics, a member has. */
    int load(int member) {
        return loads[member];
    }

    int owner(int topic, int partition) {
        return owners[topic][partition];
    }

    void give(int topic, int partition, int member) {
        owners[topic][partition] = member;
        loads[member]++;
    }

    void release(int topic, int partition) {
        loads[owners[topic][partition]]--;
        owners[topic][partition] = NOBODY;
    }

    boolean hasRacks() {
        return hasRacks;
    }

    /** Empty when the member did not say. */
    String rack(int member) {
        return members.get(member).rack();
    }

    PartitionRacks racks(int topic) {
        return topics.get(topic).racks();
    }

    /** Whether a replica stands where the member runs. */
    boolean isLocal(int topic, int partition, int member) {
        String rack = members.get(member).rack();
        return !rack.isEmpty() && topics.get(topic).racks().of(partition).contains(rack);
    }

    Map<String, Assignment> toAssignments() {
        List<Map<Uuid, PartitionSet>> given = new ArrayList<>(members.size());
        members.forEach(member -> given.add(new TreeMap<>()));
        int[] sizes = new int[members.size()];
        int[][] partitions = new int[members.size()][];
        for (int topic = 0; topic < owners.length; topic++) {
            collect(topic, sizes, partitions);
            for (int owner : owners[topic]) {
                if (owner != NOBODY && sizes[owner] > 0) {
                    given.get(owner).put(topics.get(topic).id(), PartitionSet.ofOwned(partitions[owner], sizes[owner]));
                    sizes[owner] = 0;
                    partitions[owner] = null;
                }
            }
        }
        Map<String, Assignment> result = new TreeMap<>();
        for (int member = 0; member < loads.length; member++) {
            result.put(members.get(member).memberId(), new Assignment(given.get(member)));
        }
        return result;
    }

    /** Sorts the partitions of a topic by their owners. */
    private void collect(int topic, int[] sizes, int[][] partitions) {
        for (int owner : owners[topic]) {
            if (owner != NOBODY) {
                sizes[owner]++;
            }
        }
        for (int owner : owners[topic]) {
            if (owner != NOBODY && partitions[owner] == null) {
                partitions[owner] = new int[sizes[owner]];
                sizes[owner] = 0;
            }
        }
        for (int partition = 0; partition < owners[topic].length; partition++) {
            int owner = owners[topic][partition];
            if (owner != NOBODY) {
                partitions[owner][sizes[owner]++] = partition;
            }
        }
    }
}
