// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import java.util.HashMap;
import java.util.Map;

/**
 * Gives partitions without owner to members with room, in turns, so that each topic is spread. Where racks are known,
 * first all that find room in one of their racks, each in the rack with the most room; then the rest anywhere.
 */
final class Dealer {
    private final Placement placement;
    private final int[] room;

    /** @param room how many partitions each member may still get; counted down here */
    Dealer(Placement placement, int[] room) {
        this.placement = placement;
        this.room = room;
    }

    /**
     * Deals.
     *
     * @param free the partitions; not more than there is room
     * @param receivers the members that take part, in order
     */
    void deal(PlaceList free, int[] receivers) {
        PlaceList rest = placement.hasRacks() ? dealInRacks(free, receivers) : free;
        Ring all = new Ring(room);
        for (int member : receivers) {
            if (room[member] > 0) {
                all.add(member);
            }
        }
        for (int i = 0; i < rest.size(); i++) {
            placement.give(rest.topic(i), rest.partition(i), all.next());
        }
    }

    /** What is left found no room in its racks. */
    private PlaceList dealInRacks(PlaceList free, int[] receivers) {
        Map<String, Ring> rings = new HashMap<>();
        for (int member : receivers) {
            if (room[member] > 0 && !placement.rack(member).isEmpty()) {
                rings.computeIfAbsent(placement.rack(member), rack -> new Ring(room))
                        .add(member);
            }
        }
        PlaceList rest = new PlaceList();
        for (int i = 0; i < free.size(); i++) {
            int topic = free.topic(i);
            int partition = free.partition(i);
            Ring ring = roomiest(placement.racks(topic), partition, rings);
            if (ring.totalRoom() > 0) {
                placement.give(topic, partition, ring.next());
            } else {
                rest.add(topic, partition);
            }
        }
        return rest;
    }

    /** Among equals the rack with the smallest name; a ring without room when no rack has any. */
    private Ring roomiest(PartitionRacks racks, int partition, Map<String, Ring> rings) {
        Ring best = new Ring(room);
        String bestRack = "";
        for (String rack : racks.of(partition)) {
            Ring ring = rings.get(rack);
            if (ring != null
                    && (ring.totalRoom() > best.totalRoom()
                            || ring.totalRoom() == best.totalRoom() && rack.compareTo(bestRack) < 0)) {
                best = ring;
                bestRack = rack;
            }
        }
        return best;
    }
}
