// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import java.util.Arrays;

/** Members with room for more partitions, taking turns. */
final class Ring {
    private final int[] room;
    private int[] members = new int[4];
    private int size;
    private int turn;
    private int totalRoom;

    /** @param room how many partitions each member may still get; counted down here */
    Ring(int[] room) {
        this.room = room;
    }

    void add(int member) {
        if (size == members.length) {
            members = Arrays.copyOf(members, size * 2);
        }
        members[size++] = member;
        totalRoom += room[member];
    }

    /** How many partitions all of them may still get. */
    int totalRoom() {
        return totalRoom;
    }

    /** The member whose turn it is; there must be room. */
    int next() {
        turn = turn < size ? turn : 0;
        int member = members[turn];
        room[member]--;
        totalRoom--;
        if (room[member] == 0) {
            System.arraycopy(members, turn + 1, members, turn, --size - turn);
        } else {
            turn++;
        }
        return member;
    }
}
