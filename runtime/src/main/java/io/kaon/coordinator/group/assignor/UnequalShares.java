// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Spreads the partitions of a group whose members subscribe to different topics. First what has no owner is poured over
 * the members with the fewest partitions, topics with few subscribers first. Then topic after topic is levelled: its
 * partitions move from members with many to members with fewer, no more of them than needed, until no topic changes any
 * more. Each change makes the loads more even, so that an end is reached.
 */
final class UnequalShares {
    /** Far more than is ever needed: a handful of rounds is usual. */
    private static final int MAX_ROUNDS = 100;

    private final Placement placement;
    private final int[] room;

    UnequalShares(Placement placement) {
        this.placement = placement;
        room = new int[placement.memberCount()];
    }

    void spread() {
        int[] topics = IntStream.range(0, placement.topicCount())
                .filter(topic -> placement.subscribers(topic).length > 0)
                .boxed()
                .sorted(Comparator.comparing((Integer topic) -> placement.subscribers(topic).length)
                        .thenComparing(topic -> topic))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int topic : topics) {
            pour(topic);
        }
        boolean isChanged = true;
        for (int round = 0; isChanged && round < MAX_ROUNDS; round++) {
            isChanged = false;
            for (int topic : topics) {
                isChanged |= level(topic);
            }
        }
    }

    private void pour(int topic) {
        PlaceList free = free(topic);
        int[] subscribers = placement.subscribers(topic);
        int[] base = new int[subscribers.length];
        for (int i = 0; i < base.length; i++) {
            base[i] = placement.load(subscribers[i]);
        }
        int[] shares = new WaterLevel(base).shares(free.size(), new int[base.length]);
        for (int i = 0; i < base.length; i++) {
            room[subscribers[i]] = shares[i];
        }
        new Dealer(placement, room).deal(free, subscribers);
    }

    /** Returns whether something moved. */
    private boolean level(int topic) {
        if (isLevel(topic)) {
            return false;
        }
        int[] subscribers = placement.subscribers(topic);
        int[] owned = new int[subscribers.length];
        PlaceList[] lists = new PlaceList[placement.memberCount()];
        for (int partition = 0; partition < placement.partitionCount(topic); partition++) {
            int owner = placement.owner(topic, partition);
            lists[owner] = lists[owner] == null ? new PlaceList() : lists[owner];
            lists[owner].add(topic, partition);
        }
        int[] base = new int[subscribers.length];
        for (int i = 0; i < subscribers.length; i++) {
            owned[i] = lists[subscribers[i]] == null ? 0 : lists[subscribers[i]].size();
            base[i] = placement.load(subscribers[i]) - owned[i];
        }
        int[] shares = new WaterLevel(base).shares(placement.partitionCount(topic), owned);
        boolean isChanged = false;
        Surplus surplus = new Surplus(placement);
        for (int i = 0; i < subscribers.length; i++) {
            room[subscribers[i]] = Math.max(0, shares[i] - owned[i]);
            if (shares[i] < owned[i]) {
                surplus.release(subscribers[i], lists[subscribers[i]], owned[i] - shares[i]);
                isChanged = true;
            }
        }
        if (isChanged) {
            new Dealer(placement, room).deal(free(topic), subscribers);
        }
        return isChanged;
    }

    /** Whether no owner has two partitions more than some other subscriber: nothing would move. */
    private boolean isLevel(int topic) {
        int lowest = Integer.MAX_VALUE;
        for (int subscriber : placement.subscribers(topic)) {
            lowest = Math.min(lowest, placement.load(subscriber));
        }
        for (int partition = 0; partition < placement.partitionCount(topic); partition++) {
            if (placement.load(placement.owner(topic, partition)) > lowest + 1) {
                return false;
            }
        }
        return true;
    }

    private PlaceList free(int topic) {
        PlaceList free = new PlaceList();
        for (int partition = 0; partition < placement.partitionCount(topic); partition++) {
            if (placement.owner(topic, partition) == Placement.NOBODY) {
                free.add(topic, partition);
            }
        }
        return free;
    }
}
