// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import io.kaon.common.Uuid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Who subscribes to which topic. Members and topics are places in arrays: members in {@link MemberOrder}, topics in the
 * order of their ids, so that equal input leads to equal output.
 */
final class Subscribers {
    private static final int[] NOBODY = new int[0];

    private final List<AssignorMember> members;
    private final List<AssignorTopic> topics;
    private final Map<Uuid, Integer> places = new HashMap<>();
    private final int[][] byTopic;

    Subscribers(AssignorInput input) {
        members = new ArrayList<>(input.members());
        members.sort(MemberOrder.STATIC_FIRST);
        topics = new ArrayList<>(input.topics().values());
        topics.sort((one, other) -> one.id().compareTo(other.id()));
        for (int topic = 0; topic < topics.size(); topic++) {
            places.put(topics.get(topic).id(), topic);
        }
        byTopic = new int[topics.size()][];
        Arrays.fill(byTopic, NOBODY);
        if (input.isHomogeneous()) {
            subscribeEverybody();
        } else {
            subscribeEach();
        }
    }

    /** All members subscribe to the same topics: one array serves them all. */
    private void subscribeEverybody() {
        int[] everybody = IntStream.range(0, members.size()).toArray();
        if (!members.isEmpty()) {
            for (Uuid id : members.get(0).subscribedTopics()) {
                Integer topic = places.get(id);
                if (topic != null) {
                    byTopic[topic] = everybody;
                }
            }
        }
    }

    private void subscribeEach() {
        int[] sizes = new int[topics.size()];
        for (int member = 0; member < members.size(); member++) {
            for (Uuid id : members.get(member).subscribedTopics()) {
                Integer topic = places.get(id);
                if (topic != null) {
                    if (sizes[topic] == byTopic[topic].length) {
                        byTopic[topic] = Arrays.copyOf(byTopic[topic], Math.max(4, sizes[topic] * 2));
                    }
                    byTopic[topic][sizes[topic]++] = member;
                }
            }
        }
        for (int topic = 0; topic < byTopic.length; topic++) {
            byTopic[topic] = Arrays.copyOf(byTopic[topic], sizes[topic]);
        }
    }

    /** By place. Not to be changed. */
    List<AssignorMember> members() {
        return members;
    }

    /** By place. Not to be changed. */
    List<AssignorTopic> topics() {
        return topics;
    }

    /** The places of topics by their ids. Not to be changed. */
    Map<Uuid, Integer> places() {
        return places;
    }

    /** The members that subscribe to a topic, ascending. Not to be changed. */
    int[] of(int topic) {
        return byTopic[topic];
    }
}
