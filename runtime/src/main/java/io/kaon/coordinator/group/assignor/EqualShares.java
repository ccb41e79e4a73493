// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import java.util.stream.IntStream;

/**
 * Spreads the partitions of a group whose members all subscribe to the same topics. Each member's share is the same or
 * one more; those that have more already get the larger shares, hence no partition moves that need not.
 */
final class EqualShares {
    private final Placement placement;
    private final int[] room;

    EqualShares(Placement placement) {
        this.placement = placement;
        room = new int[placement.memberCount()];
    }

    void spread() {
        if (room.length == 0) {
            return;
        }
        takeShares();
        releaseSurplus();
        PlaceList free = new PlaceList();
        for (int topic = 0; topic < placement.topicCount(); topic++) {
            for (int partition = 0; isSubscribed(topic) && partition < placement.partitionCount(topic); partition++) {
                if (placement.owner(topic, partition) == Placement.NOBODY) {
                    free.add(topic, partition);
                }
            }
        }
        new Dealer(placement, room).deal(free, IntStream.range(0, room.length).toArray());
    }

    /** Fills {@link #room} with what is missing for each share; below 0 where there is too much. */
    private void takeShares() {
        int total = 0;
        for (int topic = 0; topic < placement.topicCount(); topic++) {
            total += isSubscribed(topic) ? placement.partitionCount(topic) : 0;
        }
        int share = total / room.length;
        int largerShares = total % room.length;
        for (int member = 0; member < room.length; member++) {
            room[member] = share - placement.load(member);
            if (room[member] < 0 && largerShares > 0) {
                room[member]++;
                largerShares--;
            }
        }
        for (int member = 0; member < room.length && largerShares > 0; member++) {
            if (placement.load(member) <= share) {
                room[member]++;
                largerShares--;
            }
        }
    }

    private void releaseSurplus() {
        PlaceList[] owned = new PlaceList[room.length];
        for (int topic = 0; topic < placement.topicCount(); topic++) {
            for (int partition = 0; partition < placement.partitionCount(topic); partition++) {
                int owner = placement.owner(topic, partition);
                if (owner != Placement.NOBODY && room[owner] < 0) {
                    owned[owner] = owned[owner] == null ? new PlaceList() : owned[owner];
                    owned[owner].add(topic, partition);
                }
            }
        }
        Surplus surplus = new Surplus(placement);
        for (int member = 0; member < room.length; member++) {
            if (room[member] < 0) {
                surplus.release(member, owned[member], -room[member]);
                room[member] = 0;
            }
        }
    }

    private boolean isSubscribed(int topic) {
        return placement.subscribers(topic).length > 0;
    }
}
